import { XlfsError } from '@xlfs/core';
import { withoutPrefix, type GuestDescription, type HostDescription } from '../host/description.ts';
import { parseDomains, parseDomainTable, usedMemoryMiB, type DomainFacts } from './facts.ts';
import { startMachine, type StartOptions } from './machine.ts';
import type { Accelerator, MachinePlan } from './qemu.ts';
import { indent, onGuestConsole, secondsSince, Session, startGuest, type GuestStart, waitUntilGone, within } from './session.ts';

/** What a boot check found. Times are seconds of the wall clock, as seen from outside of the machine. */
export interface BootReport {
  readonly accelerator: Accelerator;
  /** From QEMU's start to the line that says dom0 controls Xen. */
  readonly controlDSeconds: number;
  /** In use before any guest is created. */
  readonly dom0MemoryMiB: number;
  readonly guests: readonly GuestReport[];
  /** What `xl list -l` said while the guests were running, Domain-0 included. */
  readonly domains: readonly DomainFacts[];
  /** The table of `xl list` at the same time, as printed. */
  readonly table: string;
  /** From the first guest's shutdown to the end of QEMU. */
  readonly shutdownSeconds: number;
  readonly totalSeconds: number;
}

export interface GuestReport extends GuestStart {
  readonly name: string;
  /** `uname -n -r`, read in a login on the guest's console. */
  readonly system: string;
}

export interface BootCheckOptions extends StartOptions {
  /** Told what is about to be checked. */
  readonly onStep?: (step: string) => void;
}

/**
 * Boots a host in QEMU and holds it to what a host has to do: control Xen, start each guest, reach it over the network, let somebody log
 * in on its console, describe it as JSON, stop it, and stop itself.
 *
 * @throws XlfsError `BOOT_FAILED` naming the step, with the last lines of the console it concerns; `INTERRUPTED`; `HOST_REQUIREMENT`.
 */
export async function bootCheck(plan: MachinePlan, host: HostDescription, options: BootCheckOptions = {}): Promise<BootReport> {
  const { onStep = () => undefined, signal } = options;
  // The check creates the guests itself, so that it can time them.
  const machine = await startMachine({ ...plan, dom0Arguments: [...(plan.dom0Arguments ?? []), 'xlfs.guests=manual'] }, options);
  try {
    const check = new Session(machine, options.patience ?? 1, signal);

    onStep('dom0');
    const [, capabilities = ''] = await check.waitFor(/xlfs: dom0 ready: (.*) after/, 'control of Xen (control_d)', 60);
    const controlDSeconds = secondsSince(machine.startedAt);
    if (!capabilities.split(' ').includes('control_d'))
      throw new XlfsError('BOOT_FAILED', `dom0 came up without control of Xen: ${capabilities}`);
    await check.run('stty cols 200 2>/dev/null; dmesg -n 1', 'a shell on the console', 20);
    const dom0MemoryMiB = usedMemoryMiB((await check.run('cat /proc/meminfo', 'the memory of dom0', 20)).output);

    const guests: GuestReport[] = [];
    for (const guest of host.guests) {
      onStep(`guest ${guest.name}`);
      guests.push(await checkGuest(check, guest, host.bridge.name));
    }

    onStep('xl list');
    const table = (await check.run('xl list', 'xl list', 20)).output.trim();
    const domains = await readDomains(check);
    for (const guest of host.guests) expectRunning(guest, domains, table);

    onStep('shutdown');
    const stopping = Date.now();
    for (const { name } of host.guests) await check.run(`xl shutdown ${name} > /dev/null`, `xl shutdown of ${name}`, 20);
    for (const guest of host.guests) await waitUntilGone(check, guest.name);
    await machine.console.type('poweroff\n');
    await within(machine.ended, 30 * (options.patience ?? 1), 'the end of QEMU after poweroff', machine.console);
    return {
      accelerator: machine.accelerator,
      controlDSeconds,
      dom0MemoryMiB,
      guests,
      domains,
      table,
      shutdownSeconds: secondsSince(stopping),
      totalSeconds: secondsSince(machine.startedAt),
    };
  } finally {
    await machine.stop();
  }
}

async function checkGuest(check: Session, { name, address }: GuestDescription, bridge: string): Promise<GuestReport> {
  const place = { name, address: withoutPrefix(address), bridge };
  const { seen: system, ...times } = await startGuest(check, place, { create: 60, ping: 60 }, () => systemOf(check, name));
  return { name, ...times, system };
}

/** What `uname` says in a login on the guest's console. */
async function systemOf(check: Session, name: string): Promise<string> {
  return await onGuestConsole(check, name, async () => {
    await check.console.type("echo 'in the guest:' $(uname -n -r)\n");
    const [, system = ''] = await check.waitFor(/^in the guest: (.*)\n/m, `an answer of the shell in ${name}`, 20);
    return system;
  });
}

/** A message of the kernel may fall into the middle of the JSON: then it is read once more. */
async function readDomains(check: Session): Promise<DomainFacts[]> {
  const read = async (): Promise<string> => (await check.run('xl list -l', 'xl list -l', 30)).output;
  try {
    return parseDomains(await read());
  } catch (error) {
    if (error instanceof XlfsError) throw error;
    const text = await read();
    try {
      return parseDomains(text);
    } catch (cause) {
      throw new XlfsError('BOOT_FAILED', `xl list -l did not print the JSON of the domains:\n${indent(text)}`, { cause });
    }
  }
}

function expectRunning(guest: GuestDescription, domains: readonly DomainFacts[], table: string): void {
  const domain = domains.find(({ name }) => name === guest.name);
  if (domain === undefined) throw new XlfsError('BOOT_FAILED', `xl list -l does not know ${guest.name}`);
  if (domain.type !== guest.type) {
    throw new XlfsError('BOOT_FAILED', `${guest.name} is ${domain.type ?? 'of no type'}, and was declared as ${guest.type}`);
  }
  const state = parseDomainTable(table).find(({ name }) => name === guest.name)?.state;
  if (state === undefined || /[pscd]/.test(state))
    throw new XlfsError('BOOT_FAILED', `${guest.name} does not run (state ${state ?? 'unknown'})\n${indent(table)}`);
}
