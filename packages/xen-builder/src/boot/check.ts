import { XlfsError } from '@xlfs/core';
import { withoutPrefix, type GuestDescription, type HostDescription } from '../host/description.ts';
import type { CommandResult, Console } from './console.ts';
import { parseDomains, parseDomainTable, usedMemoryMiB, type DomainFacts } from './facts.ts';
import { startMachine, type Machine, type StartOptions } from './machine.ts';
import type { Accelerator, MachinePlan } from './qemu.ts';

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

export interface GuestReport {
  readonly name: string;
  /** How long `xl create` took. */
  readonly createSeconds: number;
  /** From the start of `xl create` to the first answer to a ping. */
  readonly createToPingSeconds: number;
  /** `uname -n -r`, read in a login on the guest's console. */
  readonly system: string;
}

export interface BootCheckOptions extends StartOptions {
  /** Multiplies every limit, for machines that are slow or busy. @default 1 */
  readonly patience?: number;
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
    const check = new Check(machine, options.patience ?? 1, signal);

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
      guests.push(await checkGuest(check, guest));
    }

    onStep('xl list');
    const table = (await check.run('xl list', 'xl list', 20)).output.trim();
    const domains = await readDomains(check);
    for (const guest of host.guests) expectRunning(guest, domains, table);

    onStep('shutdown');
    const stopping = Date.now();
    for (const { name } of host.guests) await check.run(`xl shutdown ${name} > /dev/null`, `xl shutdown of ${name}`, 20);
    for (const guest of host.guests) await waitUntilGone(check, guest);
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

/** The console of dom0 with limits in seconds, and commands that have to succeed. */
class Check {
  readonly console: Console;
  readonly #patience: number;
  readonly #signal: AbortSignal | undefined;

  constructor(machine: Machine, patience: number, signal: AbortSignal | undefined) {
    this.console = machine.console;
    this.#patience = patience;
    this.#signal = signal;
  }

  waitFor(pattern: RegExp, what: string, seconds: number): Promise<RegExpExecArray> {
    return this.console.waitFor(pattern, this.#limit(what, seconds), this.#signal);
  }

  async run(command: string, what: string, seconds: number): Promise<CommandResult> {
    const result = await this.console.run(command, this.#limit(what, seconds), this.#signal);
    if (result.status !== 0) {
      throw new XlfsError(
        'BOOT_FAILED',
        `${what}: \`${command}\` ended with status ${String(result.status)} in dom0\n${indent(result.output)}`,
      );
    }
    return result;
  }

  #limit(what: string, seconds: number): { what: string; limitMs: number } {
    return { what, limitMs: seconds * 1000 * this.#patience };
  }
}

async function checkGuest(check: Check, guest: GuestDescription): Promise<GuestReport> {
  const { name } = guest;
  const address = withoutPrefix(guest.address);
  const started = Date.now();
  await check.run(`xl create -q /etc/xen/${name}.cfg`, `xl create of ${name}`, 60);
  const createSeconds = secondsSince(started);
  try {
    await check.run(`until ping -c 1 -W 1 ${address} > /dev/null; do :; done`, `an answer of ${name} to a ping`, 60);
    const createToPingSeconds = secondsSince(started);
    return { name, createSeconds, createToPingSeconds, system: await logIn(check, guest) };
  } catch (error) {
    throw await withGuestConsole(check, name, error);
  }
}

/** Logs in as root on the guest's console through `xl console`, and leaves it as it was. */
async function logIn(check: Check, { name }: GuestDescription): Promise<string> {
  await check.console.type(`xl console ${name}\n`);
  // The console may have shown its prompt before anybody looked.
  await check.console.type('\n');
  await check.waitFor(new RegExp(`${name} login: `), `the login prompt of ${name}`, 40);
  await check.console.type('root\n');
  await check.waitFor(/[#$] $/, `a shell in ${name}`, 20);
  await check.console.type("echo 'in the guest:' $(uname -n -r)\n");
  const [, system = ''] = await check.waitFor(/^in the guest: (.*)\n/m, `an answer of the shell in ${name}`, 20);
  await check.console.type('exit\n');
  await check.waitFor(/login: /, `the end of the session in ${name}`, 20);
  // Ctrl-] leaves xl's console, but only where it comes alone.
  await check.console.type('\x1d');
  await check.waitFor(/# $/, `dom0's shell after the console of ${name}`, 20);
  return system;
}

/** A message of the kernel may fall into the middle of the JSON: then it is read once more. */
async function readDomains(check: Check): Promise<DomainFacts[]> {
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

/** `xl shutdown -w` waits for ever where a guest does not act on the request. */
async function waitUntilGone(check: Check, { name }: GuestDescription): Promise<void> {
  try {
    await check.run(`while xl domid ${name} > /dev/null 2>&1; do sleep 0.2; done`, `end of ${name} after xl shutdown`, 40);
  } catch (error) {
    throw await withGuestConsole(check, name, error);
  }
}

/** The same failure with the guest's own last lines, which dom0 keeps. */
async function withGuestConsole(check: Check, name: string, error: unknown): Promise<unknown> {
  if (!(error instanceof XlfsError) || error.code !== 'BOOT_FAILED') return error;
  // Leaves the guest's console if one is attached (Ctrl-]), and ends a command that still runs (Ctrl-C).
  await check.console.type('\x1d');
  await check.waitFor(/# $/, "dom0's shell", 3).catch(() => undefined);
  await check.console.type('\x03\n');
  const log = await check
    .run(`tail -n 20 /var/log/xen/console/guest-${name}.log`, `the console log of ${name}`, 10)
    .catch(() => undefined);
  if (log === undefined) return error;
  return new XlfsError('BOOT_FAILED', `${error.message}\nlast lines of ${name}:\n${indent(log.output)}`, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

async function within(promise: Promise<unknown>, seconds: number, what: string, console: Console): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      fail(new XlfsError('BOOT_FAILED', `no ${what} within ${String(seconds)} s\n${indent(console.lastLines().join('\n'))}`));
    }, seconds * 1000);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function secondsSince(time: number): number {
  return Math.round((Date.now() - time) / 10) / 100;
}

function indent(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `  | ${line.trimEnd()}`)
    .join('\n');
}
