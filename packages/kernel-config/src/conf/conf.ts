import { mkdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

import { KernelConfigError } from '../errors.ts';
import { Configuration } from '../kconfig/configuration.ts';
import type { Dialect } from '../kconfig/dialect.ts';
import { MOD, NO, YES, type Tristate } from '../kconfig/expression.ts';
import { descendantsOf } from '../kconfig/menu.ts';
import { HelpTexts } from '../kconfig/help.ts';
import { readConfig, readUserValues, type ConfigWarning } from '../kconfig/read-config.ts';
import { readTree } from '../kconfig/read-tree.ts';
import type { KconfigTree } from '../kconfig/tree.ts';
import { writeConfig, writeDefconfig } from '../kconfig/write-config.ts';
import { Questions } from './ask.ts';
import { runAncient } from './ancient-run.ts';
import { writeAutoConf } from './auto-conf.ts';
import { describeWarning } from './failure.ts';
import { LineInput } from './line-input.ts';
import { parseProbability, setNewValues, type NewValues } from './new-values.ts';
import type { ConfOptions, Mode } from './options.ts';
import { glibcRandom } from './random.ts';
import type { ConfWorld } from './world.ts';

const NEW_VALUES: Partial<Record<Mode, NewValues>> = {
  allnoconfig: 'no',
  allyesconfig: 'yes',
  allmodconfig: 'mod',
  alldefconfig: 'default',
  defconfig: 'default',
};
const ALL_CONFIG: Partial<Record<Mode, string>> = {
  allnoconfig: 'allno.config',
  allyesconfig: 'allyes.config',
  allmodconfig: 'allmod.config',
  alldefconfig: 'alldef.config',
  randconfig: 'allrandom.config',
};
const REWRITES: Partial<Record<Mode, readonly [Tristate, Tristate]>> = {
  yes2modconfig: [YES, MOD],
  mod2yesconfig: [MOD, YES],
  mod2noconfig: [MOD, NO],
};

/**
 * Does what `scripts/kconfig/conf` does with the same options, environment and files.
 *
 * @returns the exit code
 * @throws KernelConfigError for mistakes in the Kconfig files
 */
export function runConf(options: ConfOptions, world: ConfWorld): number {
  return new Run(options, world).run();
}

class Run {
  private readonly options: ConfOptions;
  private readonly world: ConfWorld;
  private tree!: KconfigTree;
  private configuration!: Configuration;
  private seed: number | undefined;
  private configWarnings = 0;
  private dependencyWarnings = 0;

  constructor(options: ConfOptions, world: ConfWorld) {
    this.options = options;
    this.world = world;
  }

  run(): number {
    const { options, world } = this;
    const { mode } = options;
    const newValues = mode === 'randconfig' ? this.randomValues() : NEW_VALUES[mode];
    if (mode === 'randconfig' && newValues === undefined) return 1;
    this.load();
    const { configuration } = this;
    if (this.tree.dialect.ancient) return runAncient({ configuration, options, world, open: (name) => this.open(name) });
    const { separateSync } = this.tree.dialect;
    if (mode === 'syncconfig' && separateSync && statSync(this.path(this.configName), { throwIfNoEntry: false }) === undefined) {
      world.printError(noConfiguration(this.configName));
      return 1;
    }
    const readFailure = this.readInput();
    if (readFailure !== undefined) {
      world.printError(readFailure);
      return 1;
    }
    const strict = this.tree.dialect.warningSwitches && world.environment.KCONFIG_WERROR !== undefined;
    if (strict && this.configWarnings > 0) return 1;
    let writes = true;
    if (mode === 'syncconfig' && (world.environment.KCONFIG_NOSILENTUPDATE ?? '') !== '') {
      if (configuration.changed) {
        world.printError('\n*** The configuration requires explicit update.\n\n');
        return 1;
      }
      writes = separateSync;
    }
    if (newValues !== undefined) setNewValues(configuration, newValues);
    const rewrite = REWRITES[mode];
    if (rewrite !== undefined) this.rewriteTristates(...rewrite);
    this.ask();
    if (strict && this.dependencyWarnings > 0) return 1;
    return this.write(writes);
  }

  private get prefix(): string {
    return this.world.environment.CONFIG_ ?? this.tree.dialect.prefix;
  }

  /** Whether what is written is not told. */
  private get quiet(): boolean {
    return this.options.silent || (this.options.mode === 'syncconfig' && !this.tree.dialect.separateSync);
  }

  private tellSeed({ seedStream, ancient }: Pick<Dialect, 'seedStream' | 'ancient'>): void {
    if (this.seed === undefined || ancient) return;
    const tell = seedStream === 'out' ? this.world.print : this.world.printError;
    tell(`KCONFIG_SEED=0x${this.seed.toString(16).toUpperCase()}\n`);
  }

  private load(): void {
    const { options, world } = this;
    const { environment } = world;
    const srctree = environment.srctree;
    this.tree =
      world.tree ??
      readTree({
        file: options.kconfig,
        tree: srctree === undefined ? world.cwd : resolve(world.cwd, srctree),
        workingDirectory: world.cwd,
        environment,
        prober: world.prober,
        ...(world.dialect === undefined ? {} : { dialect: world.dialect }),
        cacheFolder: world.cacheFolder,
        info: (text) => world.print(`${text}\n`),
        // The C tool takes the seed while it reads its options, before a mistake in the tree can end it.
        onDialect: (dialect) => this.tellSeed(dialect),
      });
    if (world.tree !== undefined) this.tellSeed(world.tree.dialect);
    for (const warning of this.tree.warnings) world.printError(describeWarning(warning));
    this.configuration = new Configuration(this.tree);
    const help = new HelpTexts(this.configuration);
    this.configuration.onUnmetDependency = (symbol) => {
      world.printError(help.unmetDependency(symbol));
      this.dependencyWarnings++;
    };
  }

  // Input.

  private get configName(): string {
    return this.world.environment[this.tree.dialect.configVariable] ?? '.config';
  }

  /** Reads what the mode starts from; a message if that is impossible. */
  private readInput(): string | undefined {
    const { mode, file } = this.options;
    const { environment } = this.world;
    if (mode === 'defconfig') {
      return this.read(file!) ? undefined : `***\n*** Can't find default configuration "${file}"!\n***\n`;
    }
    const fallback = ALL_CONFIG[mode];
    if (fallback === undefined) {
      this.readPresent();
      return undefined;
    }
    const name = environment.KCONFIG_ALLCONFIG;
    if (name === undefined) return undefined;
    if (name !== '' && name !== '1') return this.readValues(name) ? undefined : `*** Can't read seed configuration "${name}"!\n`;
    if (this.readValues(fallback) || this.readValues('all.config')) return undefined;
    return `*** KCONFIG_ALLCONFIG set, but no "${fallback}" or "all.config" file found\n`;
  }

  /** Reads the present configuration, or the first default configuration that is there. */
  private readPresent(): void {
    if (this.read(this.configName)) return;
    this.configuration.changed = true;
    for (const name of this.defaultNames()) {
      if (this.open(name) === undefined) continue;
      if (!this.quiet) this.world.print(`#\n# using defaults found in ${name}\n#\n`);
      this.read(name);
      return;
    }
    this.configuration.compute(this.tree.modules);
  }

  private defaultNames(): readonly string[] {
    const { defconfigList } = this.tree;
    if (this.tree.dialect.modulesAttribute)
      return (this.world.environment.KCONFIG_DEFCONFIG_LIST ?? '').split(/\s+/).filter(Boolean);
    return (defconfigList?.properties ?? []).flatMap((property) => {
      if (property.kind !== 'default' || property.expression?.operator !== 'symbol') return [];
      return this.configuration.value(property.condition) === NO ? [] : [this.configuration.text(property.expression.symbol!)];
    });
  }

  private read(name: string): boolean {
    const text = this.open(name);
    if (text === undefined) return false;
    this.report(readConfig(this.configuration, text, this.readOptions(name)));
    return true;
  }

  private readValues(name: string): boolean {
    const text = this.open(name);
    if (text === undefined) return false;
    this.report(readUserValues(this.configuration, text, this.readOptions(name)));
    return true;
  }

  private readOptions(file: string): { file: string; warnUnknown: boolean; prefix: string } {
    const { warningSwitches } = this.tree.dialect;
    return {
      file,
      prefix: this.prefix,
      warnUnknown: warningSwitches && this.world.environment.KCONFIG_WARN_UNKNOWN_SYMBOLS !== undefined,
    };
  }

  private report(warnings: readonly ConfigWarning[]): void {
    this.configWarnings += warnings.length;
    for (const { file, line, message } of warnings) this.world.printError(`${file}:${line}:warning: ${message}\n`);
  }

  private open(name: string): string | undefined {
    const { environment } = this.world;
    const places = [this.path(name)];
    if (!isAbsolute(name) && environment.srctree !== undefined) places.push(this.path(join(environment.srctree, name)));
    for (const place of places) {
      try {
        return readFileSync(place, 'latin1');
      } catch {
        continue;
      }
    }
    return undefined;
  }

  private path(name: string): string {
    return isAbsolute(name) ? name : join(this.world.cwd, name);
  }

  // Changes.

  private randomValues(): NewValues | undefined {
    const { environment, printError } = this.world;
    const given = environment.KCONFIG_SEED ?? '';
    const parsed = /^[ \t]*[+-]?(0[xX][0-9a-fA-F]+|\d+)$/.test(given) ? parseSeed(given) : undefined;
    const seed = parsed ?? Number(BigInt.asUintN(32, process.hrtime.bigint()));
    this.seed = seed;
    const probability = parseProbability(environment.KCONFIG_PROBABILITY);
    if (probability === undefined) {
      printError('KCONFIG_PROBABILITY: Numerical result out of range\n');
      return undefined;
    }
    return { random: glibcRandom(seed), probability };
  }

  private rewriteTristates(from: Tristate, to: Tristate): void {
    const { configuration, tree } = this;
    for (const symbol of tree.symbols.all()) {
      if (configuration.effectiveType(symbol) === 'tristate' && symbol.userTristate === from) symbol.userTristate = to;
    }
    configuration.invalidate();
  }

  private ask(): void {
    const { configuration, world, prefix } = this;
    const { mode } = this.options;
    const asks = {
      oldaskconfig: 'new',
      oldconfig: 'new',
      syncconfig: 'new',
      listnewconfig: 'list',
      helpnewconfig: 'list-help',
    } as const;
    if (!(mode in asks)) return;
    const questions = new Questions({
      configuration,
      help: new HelpTexts(configuration),
      input: world.input ?? new LineInput(),
      print: world.print,
      printError: world.printError,
      echo: !world.isTerminal,
      prefix,
    });
    if (mode === 'oldaskconfig') questions.askAll();
    questions.askNew(asks[mode as keyof typeof asks]);
  }

  // Output.

  private write(writes: boolean): number {
    const { configuration, world, prefix } = this;
    const { mode, file } = this.options;
    if (mode === 'savedefconfig') {
      const text = writeDefconfig(configuration, prefix);
      this.warnOfChangedInput();
      try {
        writeFileSync(this.path(file!), text, 'latin1');
      } catch {
        world.printError(`n*** Error while saving defconfig to: ${file}\n\n`);
        return 1;
      }
      return 0;
    }
    if (mode === 'listnewconfig' || mode === 'helpnewconfig') return 0;
    const { separateSync } = this.tree.dialect;
    if (mode === 'syncconfig' && separateSync && !configuration.changed) writes = false;
    if (writes && !this.writeConfig()) {
      world.printError('\n*** Error during writing of the configuration.\n\n');
      return 1;
    }
    if (separateSync && mode !== 'syncconfig') return 0;
    const synced = writeAutoConf({
      configuration,
      cwd: world.cwd,
      environment: world.environment,
      prefix,
      open: (file) => this.open(file),
      overwrite: mode === 'syncconfig',
    });
    if (!synced && mode === 'syncconfig') {
      world.printError(`\n*** Error during ${separateSync ? 'update' : 'sync'} of the configuration.\n\n`);
      return 1;
    }
    return 0;
  }

  private writeConfig(): boolean {
    const { configuration, world } = this;
    const name = this.configName;
    if (name === '') {
      world.printError('config name is empty\n');
      return false;
    }
    const path = this.path(name);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      world.printError(`${name}: Is a directory\n`);
      return false;
    }
    const text = writeConfig(configuration, this.prefix);
    this.warnOfChangedInput();
    const overwrite = (world.environment.KCONFIG_OVERWRITECONFIG ?? '') !== '';
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      if (overwrite) writeFileSync(path, text, 'latin1');
      else {
        if (!this.tree.dialect.separateSync && contentOf(path) === text) {
          this.say(`No change to ${name}`);
          configuration.changed = false;
          return true;
        }
        writeFileSync(temporary, text, 'latin1');
        if (statSync(path, { throwIfNoEntry: false }) !== undefined) renameSync(path, `${path}.old`);
        renameSync(temporary, path);
      }
    } catch (error) {
      try {
        unlinkSync(temporary);
      } catch {
        // It was never written.
      }
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      world.printError(`${name}: ${(error as Error).message}\n`);
      return false;
    }
    this.say(`configuration written to ${name}`);
    configuration.changed = false;
    return true;
  }

  private say(text: string): void {
    if (!this.quiet) this.world.print(`#\n# ${text}\n#\n`);
  }

  private warnOfChangedInput(): void {
    const { tree, configuration, world, prefix } = this;
    if (!tree.dialect.changedInputSwitch || (world.environment.KCONFIG_WARN_CHANGED_INPUT ?? '') === '') return;
    let text = '';
    const inOrder = [...descendantsOf(tree.root)].flatMap((menu) => (menu.symbol === undefined ? [] : [menu.symbol]));
    for (const symbol of new Set(inOrder)) {
      if (symbol.isChoice || !symbol.hasUserValue || symbol.type === 'unknown') continue;
      const given = symbol.type === 'bool' || symbol.type === 'tristate' ? 'nmy'[symbol.userTristate]! : (symbol.userText ?? '');
      const value = configuration.text(symbol);
      if (given !== value) text += `  ${prefix}${symbol.name}: ${given} -> ${value}\n`;
    }
    if (text !== '') world.printError(`warning: user-provided values changed by Kconfig:\n${text}`);
  }
}

function noConfiguration(name: string): string {
  return (
    `***\n*** Configuration file "${name}" not found!\n***\n` +
    '*** Please run some configurator (e.g. "make oldconfig" or\n*** "make menuconfig" or "make xconfig").\n***\n'
  );
}

/** A seed as strtol(3) with base 0 reads it, in 32 bits. */
function parseSeed(text: string): number {
  const trimmed = text.trim();
  const negative = trimmed.startsWith('-');
  const digits = trimmed.replace(/^[+-]/, '');
  const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
  return Number(BigInt.asUintN(32, negative ? -value : value));
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new KernelConfigError('CONFIG_UNREADABLE', `cannot read ${path}`, { cause: error });
  }
}
