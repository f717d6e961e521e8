import { XlfsError } from '@xlfs/core';
import type { CommandResult, Console } from './console.ts';
import type { Machine } from './machine.ts';

/** A machine's console with limits in seconds, and commands that have to succeed. */
export class Session {
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
        `${what}: \`${command}\` ended with status ${String(result.status)}\n${indent(result.output)}`,
      );
    }
    return result;
  }

  #limit(what: string, seconds: number): { what: string; limitMs: number } {
    return { what, limitMs: seconds * 1000 * this.#patience };
  }
}

/** Answers the question for a login on the machine `name`, which wants no password at its console, and waits for the shell. */
export async function logIn(session: Session, name: string, seconds: number): Promise<void> {
  await session.waitFor(new RegExp(`${name} login: `), `the login prompt of ${name}`, seconds);
  await session.console.type('root\n');
  await session.waitFor(/[#$] $/, `a shell in ${name}`, 20);
}

/** Does something in a login as root on a guest's console through `xl console`, and leaves the console as it was. */
export async function onGuestConsole<T>(session: Session, name: string, use: () => Promise<T>): Promise<T> {
  await session.console.type(`xl console ${name}\n`);
  // The console may have shown its prompt before anybody looked.
  await session.console.type('\n');
  await logIn(session, name, 40);
  const result = await use();
  await session.console.type('exit\n');
  await session.waitFor(/login: /, `the end of the session in ${name}`, 20);
  // Ctrl-] leaves xl's console, but only where it comes alone.
  await session.console.type('\x1d');
  await session.waitFor(/# $/, `dom0's shell after the console of ${name}`, 20);
  return result;
}

/** How soon a guest is there. */
export interface GuestStart {
  /** How long `xl create` took. */
  readonly createSeconds: number;
  /** From the start of `xl create` to the first answer to a ping. */
  readonly createToPingSeconds: number;
}

/**
 * Creates the guest of `/etc/xen/NAME.cfg`, waits until it answers a ping, and looks at it; when that fails, with its own last lines.
 * The limits are seconds.
 */
export async function startGuest<T>(
  session: Session,
  { name, address, bridge }: { readonly name: string; readonly address: string; readonly bridge: string },
  limits: { readonly create: number; readonly ping: number },
  look: () => Promise<T>,
): Promise<GuestStart & { readonly seen: T }> {
  const started = Date.now();
  await session.run(`xl create -q /etc/xen/${name}.cfg`, `xl create of ${name}`, limits.create);
  const createSeconds = secondsSince(started);
  try {
    await session.run(untilPinged(address, bridge), `an answer of ${name} to a ping`, limits.ping);
    const createToPingSeconds = secondsSince(started);
    return { createSeconds, createToPingSeconds, seen: await look() };
  } catch (error) {
    throw await withGuestConsole(session, name, error);
  }
}

/**
 * A command of dom0 that ends with a guest's first answer to a ping. One request waits for it while the kernel asks for the guest's link
 * address ten times a second: it would ask once a second, and a loop of pings would look once a second, too.
 */
export function untilPinged(address: string, bridge: string): string {
  const neighbours = `/proc/sys/net/ipv4/neigh/${bridge}`;
  const asking = `echo 100 > ${neighbours}/retrans_time_ms; echo 600 > ${neighbours}/mcast_solicit`;
  return `${asking}; until ping -c 1 -W 5 ${address} > /dev/null; do :; done`;
}

/** `xl shutdown -w` waits for ever where a guest does not act on the request. */
export async function waitUntilGone(session: Session, name: string, seconds = 40): Promise<void> {
  try {
    await session.run(`while xl domid ${name} > /dev/null 2>&1; do sleep 0.2; done`, `end of ${name} after xl shutdown`, seconds);
  } catch (error) {
    throw await withGuestConsole(session, name, error);
  }
}

/** The same failure with the guest's own last lines, which dom0 keeps. */
async function withGuestConsole(session: Session, name: string, error: unknown): Promise<unknown> {
  if (!(error instanceof XlfsError) || error.code !== 'BOOT_FAILED') return error;
  // Leaves the guest's console if one is attached (Ctrl-]), and ends a command that still runs (Ctrl-C).
  await session.console.type('\x1d');
  await session.waitFor(/# $/, "dom0's shell", 3).catch(() => undefined);
  await session.console.type('\x03\n');
  const log = await session
    .run(`tail -n 20 /var/log/xen/console/guest-${name}.log`, `the console log of ${name}`, 10)
    .catch(() => undefined);
  if (log === undefined) return error;
  return new XlfsError('BOOT_FAILED', `${error.message}\nlast lines of ${name}:\n${indent(log.output)}`, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

/** A promise with a limit. */
export async function within(promise: Promise<unknown>, seconds: number, what: string, console: Console): Promise<void> {
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

/** Wall-clock seconds since a `Date.now()`. */
export function secondsSince(time: number): number {
  return Math.round((Date.now() - time) / 10) / 100;
}

/** Lines of output as an error shows them. */
export function indent(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `  | ${line.trimEnd()}`)
    .join('\n');
}
