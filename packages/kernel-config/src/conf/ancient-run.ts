import type { Configuration } from '../kconfig/configuration.ts';
import { readConfig, readUserValues, type ConfigWarning } from '../kconfig/read-config.ts';
import { writeAncient } from './ancient-files.ts';
import { LineInput } from './line-input.ts';
import type { ConfOptions, Mode } from './options.ts';
import { glibcRandom } from './random.ts';
import { Walk, WalkEnded, type WalkMode } from './walk.ts';
import type { ConfWorld } from './world.ts';

const MODES: Partial<Record<Mode, WalkMode>> = {
  oldaskconfig: 'all',
  oldconfig: 'new',
  syncconfig: 'silent',
  defconfig: 'default',
  olddefconfig: 'default',
  alldefconfig: 'default',
  allyesconfig: 'yes',
  allmodconfig: 'mod',
  allnoconfig: 'no',
  randconfig: 'random',
};
const SEED_FILES: Partial<Record<WalkMode, string>> = {
  yes: 'allyes.config',
  mod: 'allmod.config',
  no: 'allno.config',
  random: 'allrandom.config',
};
const NOTHING = '/dev/null';

export interface AncientRun {
  readonly configuration: Configuration;
  readonly options: ConfOptions;
  readonly world: ConfWorld;
  /** The text of a file of the working directory or the tree. */
  readonly open: (name: string) => string | undefined;
}

/**
 * What conf did before it had names for its modes.
 *
 * @returns the exit code
 */
export function runAncient({ configuration, options, world, open }: AncientRun): number {
  const { print, printError, environment, cwd } = world;
  // `-s` was a mode before it meant to be silent.
  const mode = options.silent && options.mode === 'oldaskconfig' ? 'silent' : MODES[options.mode];
  if (mode === undefined) {
    printError(`this tree's conf has no --${options.mode}\n`);
    return 1;
  }
  const report = (warnings: readonly ConfigWarning[]): void => {
    for (const { file, line, message } of warnings) printError(`${file}:${line}:warning: ${message}\n`);
  };
  if (mode === 'default') {
    const file = options.file ?? (options.mode === 'olddefconfig' ? '.config' : NOTHING);
    const text = file === NOTHING ? '' : open(file);
    if (text === undefined) {
      print(`***\n*** Can't find default configuration "${file}"!\n***\n`);
      return 1;
    }
    report(readConfig(configuration, text, { file }));
  } else if (mode === 'all' || mode === 'new' || mode === 'silent') {
    const present = open('.config');
    if (mode === 'silent' && present === undefined) {
      print(
        '***\n*** You have not yet configured busybox!\n***\n*** Please run some configurator (e.g. "make oldconfig" or\n' +
          '*** "make menuconfig" or "make defconfig").\n***\n',
      );
      return 1;
    }
    const file = present === undefined ? NOTHING : '.config';
    print(`#\n# using defaults found in ${file}\n#\n`);
    report(readConfig(configuration, present ?? '', { file }));
  } else {
    const given = environment.KCONFIG_ALLCONFIG;
    const file = [given, SEED_FILES[mode], 'all.config'].find((name) => name !== undefined && open(name) !== undefined);
    if (file !== undefined) report(readUserValues(configuration, open(file)!, { file }));
    configuration.invalidate();
  }
  const seed = Number(environment.KCONFIG_SEED ?? Math.floor(Date.now() / 1000));
  try {
    const input = world.input ?? new LineInput();
    new Walk({ configuration, input, print, random: glibcRandom(seed >>> 0), isTerminal: world.isTerminal }, mode).run();
  } catch (error) {
    if (error instanceof WalkEnded) return 1;
    throw error;
  }
  if (writeAncient(configuration, cwd, environment)) return 0;
  printError('\n*** Error during writing of the configuration.\n\n');
  return 1;
}
