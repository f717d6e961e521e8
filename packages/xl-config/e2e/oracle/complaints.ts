import { positionOf } from '../../src/grammar/tree.ts';
import { interpret, type Interpretation } from '../../src/meaning/interpret.ts';
import { spanOf } from '../../src/meaning/place.ts';
import type { ReadCode } from '../../src/problem.ts';
import type { Answer } from './xl.ts';

/** What xl says besides libxlu's numbered lines, and the key that it is about. */
const SAYINGS: readonly (readonly [saying: RegExp, key: string])[] = [
  [/^while parsing CPUID/, 'cpuid'],
  [/^Invalid parameter `|^unrecognized argument|^the accel|^the netdev/, 'vif'],
  [/^Unknown RDM/, 'rdm'],
  [/"bootloader_args"/, 'bootloader_args'],
  [/"altp2mhvm"/, 'altp2mhvm'],
  [/ignoring device_model directive/, 'device_model'],
  [/bios_path_override/, 'bios_path_override'],
  [/device model override/, 'device_model_override'],
  [/"vncviewer"/, 'vncviewer'],
  [/msr_relaxed/, 'msr_relaxed'],
  [/"timer_mode" as/, 'timer_mode'],
  [/"tsc_mode" as/, 'tsc_mode'],
  [/^WARNING: vif2/, 'vif2'],
  [/"kernel" directive/, 'kernel'],
  [/root= and extra=/, 'root'],
  [/unknown channel parameter/, 'channel'],
  [/^Can't parse connector/, 'vdispl'],
  [/parsing ioport/, 'ioports'],
];
/** Second lines of a complaint, and what is none. */
const PARTS = /^If it fixes|^WARNING: (Or )?use|^ {2}error|^got a tsc|^$/i;
const NUMBERED: readonly ReadCode[] = ['WRONG_SHAPE', 'NOT_A_NUMBER', 'ADDED_NUMBER'];

/** What differs between what xl complained of and what we say that it complains of; nothing when they agree. */
export function unlikeComplaints(text: string, answer: Answer, xen: string): { theirs: string[]; ours: string[] } | undefined {
  const ours = ourComplaints(interpret(text, { xen }));
  const theirs = theirComplaints(answer);
  // A file that is refused is not read to its end: what xl warned of up to there is among ours.
  const agreed =
    answer.status === 0
      ? String(theirs) === String(ours)
      : theirs.every((complaint) => !/^\w+:\d+$/.test(complaint) || ours.includes(complaint));
  return agreed ? undefined : { theirs, ours };
}

/** xl's warnings as `key`, or `key:line` where it names a line; what is not understood as it is. */
function theirComplaints({ messages }: Answer): string[] {
  return messages
    .flatMap((message) => message.split(/(?=\/proc\/self\/fd)|(?=WARNING: )/))
    .filter((message) => !PARTS.test(message))
    .map((message) => {
      const [, line, key] = /:(\d+): warning: .*parameter `(.*?)'/.exec(message) ?? [];
      if (key !== undefined) return `${key}:${line}`;
      return SAYINGS.find(([saying]) => saying.test(message))?.[1] ?? message;
    })
    .sort();
}

/** What we say that xl says, in the same form. */
function ourComplaints({ document, findings }: Interpretation): string[] {
  return findings
    .filter(({ xl }) => xl)
    .map(({ code, subject: { key } }) => {
      if (NUMBERED.includes(code)) return `${key}:${positionOf(document, spanOf(document, { key }).start).line}`;
      return key === 'extra' ? 'root' : key;
    })
    .sort();
}
