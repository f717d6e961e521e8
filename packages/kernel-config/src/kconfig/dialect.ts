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
  /** A file may be sourced only once (7.x). */
  readonly sourceOnce: boolean;
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
  /** What `?` shows of a symbol: where it is with the entry itself, with the menus above it only (until 5.14), and that in other words (until 5.5). */
  readonly helpForm: 'entries' | 'menus' | 'former';
  /** Where the seed of randconfig is told: standard error until 5.11. */
  readonly seedStream: 'out' | 'error';
  /**
   * `imply` of before Linux 5.7: it counts only while the dependencies hold, and what it implies as `y` cannot be `m`.
   * Since then it is held back to the value of the dependencies.
   */
  readonly strongImply: boolean;
  /** A number out of range becomes the bound in canonical notation (until 5.6), or the bound as written. */
  readonly canonicalBounds: boolean;
  /** The constants y, m and n have a type (5.6): a comparison of order with them is one of numbers. */
  readonly typedConstants: boolean;
  /** `option env=` (until 4.17): a symbol whose default is an environment variable, never written. */
  readonly environmentOption: boolean;
  /**
   * Until 4.18: only syncconfig writes auto.conf, into folders that must be there; it wants a configuration, and writes it
   * only if it changed. Every write is one, also of the same text.
   */
  readonly separateSync: boolean;
  /** include/config/tristate.conf (until 5.4). */
  readonly tristateConf: boolean;
  /** Dependency files are beside auto.conf wherever that is (5.10), or always in include/config. */
  readonly dependencyFolder: 'beside' | 'fixed';
  /** auto.conf.cmd is beside auto.conf wherever that is (5.15), or always in include/config; before, it is .config.cmd. */
  readonly rulesFile: 'beside' | 'fixed' | 'with-config';
  /** randconfig ends as soon as the last choice cannot be set, whatever else was set (until 5.8). */
  readonly lastChoiceEnds: boolean;
  /** What the names of symbols begin with in a `.config`, unless the environment has another CONFIG_. */
  readonly prefix: string;
  /** The environment variable that names the configuration. */
  readonly configVariable: string;
  /** The title of a tree without `mainmenu`. */
  readonly title: string;
  /**
   * Linux 2.6.17's, as BusyBox has it: `on` can be left out, `requires` is `depends`, the symbol MODULES needs no option; conf
   * gives all values on a walk through the menus, writes every symbol, autoconf.h instead of auto.conf, and knows no unmet
   * dependencies.
   */
  readonly ancient: boolean;
  /** How many buckets the symbol table has: the order of auto.conf. */
  readonly symbolBuckets: number;
}

export type DialectName = 'linux-2.6' | 'linux-4.17' | 'linux-5.4' | 'linux-6.1' | 'linux-6.12' | 'linux-7';

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
  sourceOnce: false,
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
  helpForm: 'entries',
  seedStream: 'out',
  strongImply: false,
  canonicalBounds: false,
  typedConstants: true,
  environmentOption: false,
  separateSync: false,
  tristateConf: false,
  dependencyFolder: 'beside',
  rulesFile: 'beside',
  lastChoiceEnds: false,
  prefix: 'CONFIG_',
  configVariable: 'KCONFIG_CONFIG',
  title: 'Main menu',
  ancient: false,
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
  helpForm: 'former',
  seedStream: 'error',
  strongImply: true,
  canonicalBounds: true,
  typedConstants: false,
  tristateConf: true,
  dependencyFolder: 'fixed',
  rulesFile: 'fixed',
  lastChoiceEnds: true,
};

const linux417: Dialect = {
  ...linux54,
  name: 'linux-4.17',
  macros: false,
  looseWords: true,
  menuEnds: 'none',
  environmentOption: true,
  separateSync: true,
  rulesFile: 'with-config',
  dependencyFolder: 'beside',
  title: 'Linux Kernel Configuration',
};

/** Dialects by name, oldest first. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  'linux-2.6': {
    ...linux417,
    name: 'linux-2.6',
    options: false,
    environmentOption: false,
    tristateConf: false,
    title: 'Busybox Configuration',
    ancient: true,
    symbolBuckets: 256,
  },
  'linux-4.17': linux417,
  'linux-5.4': linux54,
  'linux-6.1': linux61,
  'linux-6.12': linux612,
  'linux-7': {
    ...linux612,
    name: 'linux-7',
    choiceBool: false,
    transitional: true,
    conditionalDepends: true,
    sourceOnce: true,
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
  const symbols = source('symbol.c');
  if (preprocessor === undefined) {
    const old = source('zconf.y').includes('T_REQUIRES') ? dialects['linux-2.6'] : linux417;
    return {
      ...old,
      prefix: /-DCONFIG_=\\"(\w*)\\"/.exec(source('Makefile.br'))?.[1] ?? old.prefix,
      configVariable: /conf_get_configname\(void\)\s*\{[^}]*?getenv\("(\w+)"\)/.exec(data)?.[1] ?? old.configVariable,
      title: /P_MENU, (?:xstrdup\()?"([^"]*)"/.exec(source('zconf.y'))?.[1] ?? old.title,
    };
  }

  const base = lexer.includes('"transitional"')
    ? dialects['linux-7']
    : source('expr.h').includes('choice_members')
      ? linux612
      : source('parser.y').includes('config_option: T_MODULES')
        ? linux61
        : linux54;
  return {
    ...base,
    helpForm: !source('menu.c').includes('"  Prompt: %s\\n"')
      ? 'former'
      : source('menu.c').includes('menu = prop->menu->parent')
        ? 'menus'
        : 'entries',
    strongImply: symbols.includes('sym->implied.tri == yes'),
    canonicalBounds: symbols.includes('sprintf(str, "%lld"'),
    typedConstants: /symbol_yes = \{[^}]*S_TRISTATE/.test(symbols),
    tristateConf: data.includes('tristate.conf'),
    dependencyFolder: data.includes('strcpy(depfile_path, "include/config/")') ? 'fixed' : 'beside',
    rulesFile: data.includes('conf_write_dep("include/config/auto.conf.cmd")') ? 'fixed' : 'beside',
    lastChoiceEnds: data.includes('has_changed = randomize_choice_values'),
    looseWords: (lexer + source('kconf_id.c')).includes('"---help---"'),
    conditionalDepends: source('parser.y').includes('T_DEPENDS T_ON expr if_expr'),
    sourceOnce: source('util.c').includes('repeated inclusion'),
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
