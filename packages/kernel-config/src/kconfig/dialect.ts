/**
 * Kconfig changed its language and its output over the years; a tree is read the way that its own copy of Kconfig
 * would. Each field is one difference that decides bytes.
 */
export interface Dialect {
  readonly name: DialectName;
  /** `$(…)` macros (Linux 4.18). Before, `$NAME` in a few strings meant `option env` symbols. */
  readonly macros: boolean;
  /** `option modules`, `option defconfig_list`, `option allnoconfig_y` (until 5.13). */
  readonly options: boolean;
  /**
   * Until 5.0: keywords are such only at the start of a line (`if` and `on` also behind), words may hold `/` and `.`,
   * quotes around prompts and file names can be left out, `---help---` is `help`.
   */
  readonly looseWords: boolean;
  /** `modules` as an attribute (5.14). */
  readonly modulesAttribute: boolean;
  /** Named, optional and tristate choices (until 6.8 to 6.10); a choice is then a symbol with a mode. */
  readonly modalChoices: boolean;
  /** A choice may be written `bool "prompt"` (until 6.18). */
  readonly choiceBool: boolean;
  /** `transitional` (6.18). */
  readonly transitional: boolean;
  /** `depends on X if Y` (7.0). */
  readonly conditionalDepends: boolean;
  /** Doubled or blank help texts and menuconfigs without prompt are errors (7.0). */
  readonly strictEntries: boolean;
  /** Numbers without a default are `0` and `0x0` (6.9); before, nothing. */
  readonly zeroDefaults: boolean;
  /** `# end of` after each menu (5.1), also after one without entries (5.12). */
  readonly menuEnds: 'none' | 'filled' | 'all';
  /** A line `# X is not set` counts although more follows (until 6.6). */
  readonly looseUnset: boolean;
  /** include/config/NAME (5.13), or include/config/name/in/parts.h. */
  readonly dependencyFiles: 'flat' | 'parts';
  /** The form of auto.conf.cmd: a list without and with a last backslash, and one that names auto.conf by a variable. */
  readonly dependencyRules: 'list' | 'open-list' | 'variable';
  /** Strings in auto.conf are quoted (until 5.16). */
  readonly quotedAutoConf: boolean;
  /** include/generated/rustc_cfg (6.1). */
  readonly rustConfig: boolean;
  /** `KCONFIG_WERROR`, `KCONFIG_WARN_UNKNOWN_SYMBOLS` (6.1 backport, 6.6). */
  readonly warningSwitches: boolean;
  /** `KCONFIG_WARN_CHANGED_INPUT` (7.x). */
  readonly changedInputSwitch: boolean;
  /** Where the seed of randconfig is told: standard error until 5.11. */
  readonly seedStream: 'out' | 'error';
  /** How many buckets the symbol table has: the order of auto.conf. */
  readonly symbolBuckets: number;
}

export type DialectName = 'linux-4.17' | 'linux-5.4' | 'linux-6.1' | 'linux-6.12' | 'linux-7';

const linux612: Dialect = {
  name: 'linux-6.12',
  macros: true,
  options: false,
  looseWords: false,
  modulesAttribute: true,
  modalChoices: false,
  choiceBool: true,
  transitional: false,
  conditionalDepends: false,
  strictEntries: false,
  zeroDefaults: true,
  menuEnds: 'all',
  looseUnset: false,
  dependencyFiles: 'flat',
  dependencyRules: 'variable',
  quotedAutoConf: false,
  rustConfig: true,
  warningSwitches: true,
  changedInputSwitch: false,
  seedStream: 'out',
  symbolBuckets: 1 << 14,
};

const linux61: Dialect = {
  ...linux612,
  name: 'linux-6.1',
  modalChoices: true,
  zeroDefaults: false,
  looseUnset: true,
  dependencyRules: 'open-list',
  symbolBuckets: 9973,
};

const linux54: Dialect = {
  ...linux61,
  name: 'linux-5.4',
  options: true,
  modulesAttribute: false,
  menuEnds: 'filled',
  dependencyFiles: 'parts',
  dependencyRules: 'list',
  quotedAutoConf: true,
  rustConfig: false,
  warningSwitches: false,
  seedStream: 'error',
};

/** Dialects by name, oldest first. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  'linux-4.17': { ...linux54, name: 'linux-4.17', macros: false, looseWords: true, menuEnds: 'none' },
  'linux-5.4': linux54,
  'linux-6.1': linux61,
  'linux-6.12': linux612,
  'linux-7': {
    ...linux612,
    name: 'linux-7',
    choiceBool: false,
    transitional: true,
    conditionalDepends: true,
    strictEntries: true,
    changedInputSwitch: true,
  },
};

/** The places where trees keep their copy of Kconfig, relative to the tree. */
const kconfigFolders = ['scripts/kconfig', 'tools/kconfig', 'support/kconfig'];

/**
 * The dialect of a tree, told by what its own Kconfig sources know.
 *
 * @param read gives a file of the tree by relative name, undefined if there is none
 * @returns the newest dialect for a tree without Kconfig sources
 */
export function detectDialect(read: (name: string) => string | undefined): Dialect {
  const folder = kconfigFolders.find((name) => read(`${name}/confdata.c`) !== undefined);
  if (folder === undefined) return dialects['linux-7'];
  const source = (name: string): string => read(`${folder}/${name}`) ?? '';
  const lexer = source('lexer.l') + source('zconf.l');
  const data = source('confdata.c');
  const preprocessor = read(`${folder}/preprocess.c`);
  if (preprocessor === undefined) return dialects['linux-4.17'];

  const base = lexer.includes('"transitional"')
    ? dialects['linux-7']
    : source('expr.h').includes('choice_members')
      ? linux612
      : source('parser.y').includes('config_option: T_MODULES')
        ? linux61
        : linux54;
  const symbols = source('symbol.c');
  return {
    ...base,
    looseWords: (lexer + source('kconf_id.c')).includes('"---help---"'),
    conditionalDepends: source('parser.y').includes('T_DEPENDS T_ON expr if_expr'),
    zeroDefaults: /newval\.val = "0x0"/.test(symbols),
    looseUnset: data.includes('"is not set", 10'),
    menuEnds: !data.includes('# end of') ? 'none' : data.includes('end_check') ? 'all' : 'filled',
    quotedAutoConf: !data.includes('print_symbol_for_autoconf'),
    rustConfig: data.includes('rustc_cfg'),
    dependencyFiles: data.includes('tolower(') ? 'parts' : 'flat',
    dependencyRules:
      data.includes('"autoconfig := ') || source('util.c').includes('autoconf_cmd')
        ? 'variable'
        : data.includes('if (file->next)')
          ? 'list'
          : 'open-list',
    warningSwitches: data.includes('KCONFIG_WARN_UNKNOWN_SYMBOLS'),
    changedInputSwitch: data.includes('KCONFIG_WARN_CHANGED_INPUT'),
    seedStream: /fprintf\(\s*stderr, "KCONFIG_SEED/.test(source('conf.c')) ? 'error' : 'out',
    symbolBuckets: /SYMBOL_HASHSIZE\s+\(1U << 14\)/.test(source('internal.h')) ? 1 << 14 : 9973,
  };
}
