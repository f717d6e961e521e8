import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Real trees to test with, and the real `conf` of each, built from the tree.
 *
 * Trees are looked for in `$XLFS_KCONFIG_TREES/<name>`; else they are fetched from the machine's own Debian mirror, at the version that
 * the workspace builds where it has one, and kept in `~/.cache/xlfs/kconfig-trees`. Only what Kconfig reads is unpacked.
 * Debian has no package of Buildroot's sources: that tree has to be put there by hand.
 */
export interface Oracle {
  readonly name: TreeName;
  readonly folder: string;
  /** Where Kconfig starts; for Xen a folder of the tree. */
  readonly tree: string;
  /** The first Kconfig file. */
  readonly file: string;
  readonly conf: string;
  /** Whether its conf has one-letter options and walks through the menus, as BusyBox's. */
  readonly ancient: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

interface Recipe {
  /** Debian source package, if there is one. */
  readonly source?: string;
  /** The upstream version begins like that. */
  readonly version: RegExp;
  readonly suites: readonly string[];
  readonly tree: string;
  readonly file?: string;
  readonly kconfigFolder: string;
  readonly patterns: readonly string[];
  /** The parser comes ready-made with the tree; further words for the compiler. */
  readonly shipped?: readonly string[];
  readonly ancient?: true;
  /** Kconfig files that the build makes, empty without extensions. */
  readonly emptyFiles?: readonly string[];
  /** A script of the tree that makes Kconfig files, with arguments. */
  readonly generate?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What Kconfig reads of a tree, and what its `conf` is built from. tar fails on a pattern that matches nothing. */
const LINUX_PATTERNS = [
  '*/Kconfig*',
  '*/scripts',
  '*/Makefile*',
  '*configs/*',
  '*.config',
  '*/Kbuild*',
  '*/tools/include',
  '*.mk',
];

const recipes = {
  'linux-6.12': {
    source: 'linux',
    version: /^6\.12\./,
    suites: ['trixie'],
    tree: '',
    kconfigFolder: 'scripts/kconfig',
    patterns: LINUX_PATTERNS,
  },
  'linux-6.1': {
    source: 'linux',
    version: /^6\.1\./,
    suites: ['bookworm'],
    tree: '',
    kconfigFolder: 'scripts/kconfig',
    patterns: LINUX_PATTERNS,
  },
  'linux-5.10': {
    source: 'linux',
    version: /^5\.10\./,
    suites: ['bullseye'],
    tree: '',
    kconfigFolder: 'scripts/kconfig',
    patterns: LINUX_PATTERNS,
  },
  'linux-7': {
    source: 'linux',
    version: /^7\./,
    suites: ['sid'],
    tree: '',
    kconfigFolder: 'scripts/kconfig',
    patterns: LINUX_PATTERNS,
  },
  'xen-4.20': {
    source: 'xen',
    version: /^4\.20\./,
    suites: ['trixie', 'sid'],
    tree: 'xen',
    kconfigFolder: 'xen/tools/kconfig',
    patterns: ['*/xen'],
  },
  'busybox-1.37': {
    source: 'busybox',
    version: /^1\.37\./,
    suites: ['trixie'],
    tree: '',
    file: 'Config.in',
    kconfigFolder: 'scripts/kconfig',
    patterns: ['*'],
    shipped: [],
    ancient: true,
    generate: ['scripts/gen_build_files.sh', '.', '.'],
    environment: { KERNELVERSION: '1.37.0', KCONFIG_NOTIMESTAMP: '1' },
  },
  buildroot: {
    version: /./,
    suites: [],
    tree: '',
    file: 'Config.in',
    kconfigFolder: 'support/kconfig',
    patterns: [],
    shipped: ['-DCONFIG_=""', '-DKBUILD_NO_NLS'],
    environment: {
      BR2_VERSION_FULL: '2026.08',
      HOSTARCH: 'x86_64',
      HOST_GCC_VERSION: '12 2',
      SKIP_LEGACY: '',
      BR2_DEFCONFIG: '',
      BR2_HIDE_SECONDARY_TARGET_OPTIONS: 'y',
      KCONFIG_AUTOCONFIG: 'build/auto.conf',
      KCONFIG_AUTOHEADER: 'build/autoconf.h',
      KCONFIG_TRISTATE: 'build/tristate.config',
    },
    emptyFiles: ['paths', 'menus', 'toolchains', 'jpeg', 'openssl', 'skeleton', 'init', 'linux'].map(
      (part) => `.br2-external.in.${part}`,
    ),
  },
} satisfies Record<string, Recipe>;

export type TreeName = keyof typeof recipes;

export const treeNames = Object.keys(recipes) as TreeName[];

/** A tree with its `conf`, fetched and built if needed. Fails with what is missing. */
export function oracle(name: TreeName): Oracle {
  const recipe: Recipe = recipes[name];
  const folder = treeFolder(name, recipe);
  const tree = join(folder, recipe.tree);
  for (const file of recipe.emptyFiles ?? []) if (!existsSync(join(tree, file))) writeFileSync(join(tree, file), '');
  const conf = buildConf(name, folder, recipe);
  const kernelVersion = name.startsWith('linux') ? versionOf(tree) : '';
  return {
    name,
    folder,
    tree,
    file: recipe.file ?? 'Kconfig',
    conf,
    ancient: recipe.ancient ?? false,
    environment: {
      ...(process.env as Record<string, string>),
      srctree: tree,
      ARCH: 'x86',
      SRCARCH: 'x86',
      CC: 'gcc',
      LD: 'ld',
      HOSTCC: 'gcc',
      NM: 'nm',
      OBJCOPY: 'objcopy',
      AR: 'ar',
      RUSTC: 'rustc',
      BINDGEN: 'bindgen',
      PAHOLE: 'pahole',
      CLANG_FLAGS: '',
      KERNELVERSION: kernelVersion,
      XEN_FULLVERSION: '4.20',
      CC_VERSION_TEXT: execFileSync('gcc', ['--version'], { encoding: 'utf8' }).split('\n')[0]!,
      KCONFIG_DEFCONFIG_LIST: '',
      BASE_DIR: tree,
      ...recipe.environment,
    },
  };
}

function versionOf(tree: string): string {
  const makefile = readFileSync(join(tree, 'Makefile'), 'utf8');
  return ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map((part) => new RegExp(`^${part} *= *(\\d+)`, 'm').exec(makefile)![1]).join('.');
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'xlfs', 'kconfig-trees');
}

function treeFolder(name: TreeName, recipe: Recipe): string {
  const given = process.env.XLFS_KCONFIG_TREES;
  if (given !== undefined && existsSync(join(given, name, recipe.kconfigFolder))) return join(given, name);
  const folder = join(cacheFolder(), name);
  if (existsSync(join(folder, recipe.kconfigFolder))) return folder;
  if (recipe.source === undefined)
    throw new Error(`put the sources of ${name} into a folder of that name and name the folder above in XLFS_KCONFIG_TREES`);
  const download = join(cacheFolder(), `${name}.download`);
  const unpacked = join(cacheFolder(), `${name}.${process.pid}`);
  mkdirSync(download, { recursive: true });
  mkdirSync(unpacked, { recursive: true });
  const wanted = { ...recipe, source: recipe.source };
  const tarball = downloadLocked(wanted, download) ?? downloadSource(wanted, download);
  execFileSync('tar', ['-xf', tarball, '-C', unpacked, '--strip-components=1', '--wildcards', ...recipe.patterns], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  rmSync(download, { recursive: true, force: true });
  if (recipe.generate !== undefined) execFileSync('sh', recipe.generate, { cwd: unpacked, stdio: ['ignore', 'ignore', 'pipe'] });
  if (existsSync(folder)) rmSync(unpacked, { recursive: true, force: true });
  else renameSync(unpacked, folder);
  return folder;
}

/** What the workspace's lock pins, from the pool: it is there longer than in the index. */
function downloadLocked(recipe: Recipe & { readonly source: string }, folder: string): string | undefined {
  const lock = JSON.parse(readFileSync(new URL('../../../../xlfs.lock.json', import.meta.url), 'utf8')) as WorkspaceLock;
  const pin = lock.sources[recipe.source]?.providers.debian;
  if (pin?.directory === undefined || !recipe.version.test(pin.version)) return undefined;
  const target = join(folder, pin.file);
  const place = `${mirror().uri.replace(/\/+$/, '')}/${pin.directory}/${pin.file}`;
  try {
    execFileSync(
      '/usr/lib/apt/apt-helper',
      ['-o', 'APT::Sandbox::User=root', 'download-file', place, target, `SHA256:${pin.sha256}`],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    return target;
  } catch {
    return undefined;
  }
}

interface WorkspaceLock {
  readonly sources: Readonly<
    Record<
      string,
      { readonly providers: { readonly debian?: Readonly<Record<'directory' | 'file' | 'sha256' | 'version', string>> } }
    >
  >;
}

function downloadSource(recipe: Recipe & { readonly source: string }, folder: string): string {
  const state = join(cacheFolder(), 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(state, part), { recursive: true });
  const { uri, keyring } = mirror();
  const list = recipe.suites.map((suite) => `deb-src [signed-by=${keyring}] ${uri} ${suite} main\n`).join('');
  const sourceList = join(state, `${recipe.suites.join('-')}.list`);
  writeFileSync(sourceList, list);
  const options = [
    ['Dir::Etc::sourcelist', sourceList],
    ['Dir::Etc::sourceparts', '/dev/null'],
    ['Dir::State::Lists', join(state, 'lists')],
    ['Dir::Cache', join(state, 'cache')],
    ['APT::Sandbox::User', ''],
  ].flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  execFileSync('apt-get', [...options, 'update'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const records = execFileSync('apt-cache', [...options, 'showsrc', '--only-source', recipe.source], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const versions = [...records.matchAll(/^Version: (.*)$/gm)]
    .map((match) => match[1]!)
    .filter((version) => recipe.version.test(version.replace(/^\d+:/, '')));
  let failure: unknown;
  // The newest may just be replaced on the mirror: older ones will do.
  for (const version of [...new Set(versions)].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))) {
    try {
      execFileSync('apt-get', [...options, 'source', '--download-only', `${recipe.source}=${version}`], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    } catch (error) {
      failure = error;
    }
    // The other files of a package are not needed, and what apt has put under its name is what the signed index says.
    const tarball = readdirSync(folder).find((file) => /\.orig\.tar\.\w+$/.test(file));
    if (tarball !== undefined) return join(folder, tarball);
  }
  throw new Error(`cannot fetch the source of ${recipe.source} (${recipe.version}) through apt`, { cause: failure });
}

/** The Debian mirror and keyring that apt on this machine uses. */
function mirror(): { uri: string; keyring: string } {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    ...(existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : []),
    '/etc/apt/sources.list',
  ].filter((file) => existsSync(file));
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const uri = /^URIs: *(\S*debian\/?)\s*$/m.exec(text)?.[1] ?? /^deb (?:\[[^\]]*\] )?(\S+\/debian\/?) /m.exec(text)?.[1];
    if (uri !== undefined)
      return { uri, keyring: /^Signed-By: *(\/\S+)/m.exec(text)?.[1] ?? '/usr/share/keyrings/debian-archive-keyring.gpg' };
  }
  throw new Error('no Debian mirror in the apt configuration; put the trees into a folder and name it in XLFS_KCONFIG_TREES');
}

/** Builds the tree's own `conf` beside the tree; needs make, gcc, bison and flex. */
function buildConf(name: TreeName, folder: string, recipe: Recipe): string {
  const output = join(cacheFolder(), `${name}.conf`);
  const conf = join(output, 'conf');
  if (existsSync(conf)) return conf;
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const source = join(folder, recipe.kconfigFolder);
  const run = (command: string, args: readonly string[]): void =>
    void execFileSync(command, args, { cwd: output, stdio: ['ignore', 'ignore', 'pipe'] });
  if (recipe.shipped !== undefined) {
    // The shipped files include each other by the names that they have without the ending.
    for (const file of readdirSync(source).filter((each) => each.endsWith('_shipped')))
      copyFileSync(join(source, file), join(output, file.replace('_shipped', '')));
    const includes = ['-I', '.', '-I', source];
    run('gcc', [
      '-O2',
      '-w',
      '-D_GNU_SOURCE',
      ...recipe.shipped,
      ...includes,
      join(source, 'conf.c'),
      'zconf.tab.c',
      '-o',
      'conf',
    ]);
    return conf;
  }
  run('flex', ['-olexer.lex.c', '-L', join(source, 'lexer.l')]);
  run('bison', ['-oparser.tab.c', '--defines=parser.tab.h', '-t', '-l', join(source, 'parser.y')]);
  const parser = readFileSync(join(source, 'parser.y'), 'latin1');
  const sources = ['conf.c', 'confdata.c', 'expr.c', 'menu.c', 'preprocess.c', 'symbol.c', 'util.c']
    .filter((file) => !parser.includes(`#include "${file}"`))
    .map((file) => join(source, file))
    .filter((file) => existsSync(file));
  run('gcc', [
    '-O2',
    '-w',
    '-D_GNU_SOURCE',
    '-I',
    source,
    '-I',
    join(folder, 'scripts/include'),
    '-I',
    '.',
    ...sources,
    'lexer.lex.c',
    'parser.tab.c',
    '-o',
    'conf',
  ]);
  return conf;
}
