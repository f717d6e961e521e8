import { KernelConfigError } from '../errors.ts';

/** What `conf` can be asked to do. */
export const modes = [
  'oldaskconfig',
  'oldconfig',
  'syncconfig',
  'defconfig',
  'savedefconfig',
  'allnoconfig',
  'allyesconfig',
  'allmodconfig',
  'alldefconfig',
  'randconfig',
  'listnewconfig',
  'helpnewconfig',
  'olddefconfig',
  'yes2modconfig',
  'mod2yesconfig',
  'mod2noconfig',
] as const;

export type Mode = (typeof modes)[number];

/** The names of modes before they had long ones, as BusyBox calls them. */
const LETTERS: Readonly<Record<string, Mode | undefined>> = {
  o: 'oldconfig',
  d: 'alldefconfig',
  D: 'defconfig',
  n: 'allnoconfig',
  m: 'allmodconfig',
  y: 'allyesconfig',
  r: 'randconfig',
};

export interface ConfOptions {
  readonly mode: Mode;
  /** No `configuration written` messages. */
  readonly silent: boolean;
  /** The file of `--defconfig` and `--savedefconfig`. */
  readonly file: string | undefined;
  /** The first Kconfig file. */
  readonly kconfig: string;
}

/**
 * The command line of `conf`, as getopt_long(3) reads it: unambiguous beginnings of options will do, values follow an
 * equals sign or come as the next word.
 *
 * @returns undefined if help is asked for
 * @throws KernelConfigError `USAGE`
 */
export function parseArguments(args: readonly string[]): ConfOptions | undefined {
  let mode: Mode = 'oldaskconfig';
  let silent = false;
  let file: string | undefined;
  const names: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (word === '--') {
      names.push(...args.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      names.push(word);
      continue;
    }
    if (!word.startsWith('--')) {
      for (const letter of word.slice(1)) {
        if (letter === 'h') return undefined;
        const former = LETTERS[letter];
        if (letter === 's') silent = true;
        else if (former === undefined) throw usage(`invalid option -- '${letter}'`);
        else {
          mode = former;
          if (former === 'defconfig') file = args[++at];
        }
      }
      continue;
    }
    const [begin, ...value] = word.slice(2).split('=');
    const option = complete(begin!);
    if (option === 'help') return undefined;
    if (option === 'silent') {
      silent = true;
      continue;
    }
    mode = option;
    if (option === 'defconfig' || option === 'savedefconfig') {
      file = value.length > 0 ? value.join('=') : args[++at];
      if (file === undefined) throw usage(`option '--${option}' requires an argument`);
    } else if (value.length > 0) throw usage(`option '--${option}' doesn't allow an argument`);
  }
  if (mode === 'defconfig' && file === undefined) throw usage('no default configuration named');
  const [kconfig] = names;
  if (kconfig === undefined) throw usage('Kconfig file missing');
  return { mode, silent, file, kconfig };
}

function complete(begin: string): Mode | 'help' | 'silent' {
  const all = [...modes, 'help', 'silent'] as const;
  const exact = all.find((name) => name === begin);
  if (exact !== undefined) return exact;
  const matches = all.filter((name) => name.startsWith(begin));
  if (matches.length === 1) return matches[0]!;
  throw usage(matches.length === 0 ? `unrecognized option '--${begin}'` : `option '--${begin}' is ambiguous`);
}

function usage(message: string): KernelConfigError {
  return new KernelConfigError('USAGE', message);
}

export const usageText = `Usage: xlfs-conf [options] <kconfig-file>

Options:
  -h, --help              Print this message and exit.
  -s, --silent            Do not say what was written.

What to do (--oldaskconfig if nothing is named):
  --oldaskconfig          Ask for every value.
  --oldconfig             Ask for the values that the present configuration lacks.
  --syncconfig            Like --oldconfig, and write include/config and include/generated.
  --olddefconfig          Give what the present configuration lacks its default.
  --listnewconfig         List what the present configuration lacks.
  --helpnewconfig         The same with help texts.
  --defconfig=<file>      Start from the settings of a file.
  --savedefconfig=<file>  Write only what differs from the defaults.
  --allnoconfig           No to everything.
  --allyesconfig          Yes to everything.
  --allmodconfig          Modules where possible, else yes.
  --alldefconfig          The default of everything.
  --randconfig            Random values.
  --yes2modconfig         Yes becomes module where possible.
  --mod2yesconfig         Module becomes yes.
  --mod2noconfig          Module becomes no.
`;
