import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { KernelConfigError } from '../errors.ts';

export interface KernelEnvironmentOptions {
  /** The kernel's source folder. */
  readonly tree: string;
  /** As in `make ARCH=…`. @default `ARCH` of the surrounding environment, else 'x86' */
  readonly arch?: string;
  /** What the names of the target's tools begin with, as in `make CROSS_COMPILE=…`. @default `CROSS_COMPILE` of the surrounding environment */
  readonly crossCompile?: string;
  /** As in `make CC=…`. @default gcc behind the prefix */
  readonly cc?: string;
  /** What comes from the surrounding environment. @default this process's */
  readonly base?: Readonly<Record<string, string | undefined>>;
  /** The first line of `$CC --version`, for a compiler that is not here. @default asked from the compiler */
  readonly ccVersionText?: string;
}

/** Tools for the target: what the Makefile calls them, behind `CROSS_COMPILE`. */
const TARGET_TOOLS = {
  CC: 'gcc',
  LD: 'ld',
  AR: 'ar',
  NM: 'nm',
  OBJCOPY: 'objcopy',
  OBJDUMP: 'objdump',
  READELF: 'readelf',
  STRIP: 'strip',
};
const HOST_TOOLS = {
  HOSTCC: 'gcc',
  HOSTCXX: 'g++',
  RUSTC: 'rustc',
  BINDGEN: 'bindgen',
  PAHOLE: 'pahole',
  PERL: 'perl',
  PYTHON3: 'python3',
};

const sourceArch: Readonly<Record<string, string>> = {
  i386: 'x86',
  x86_64: 'x86',
  sparc32: 'sparc',
  sparc64: 'sparc',
  parisc64: 'parisc',
};

/**
 * The environment variables that a kernel's Makefile hands to Kconfig. As in make, its own names of tools win over those of the
 * surrounding environment. For clang, which gets flags from the Makefile, put `CLANG_FLAGS` into `base`.
 *
 * @throws KernelConfigError `KCONFIG_NOT_FOUND` without a Makefile, `PROBE_FAILED` if the compiler does not answer
 */
export function kernelEnvironment(options: KernelEnvironmentOptions): Record<string, string | undefined> {
  const { tree, base = process.env } = options;
  const { arch = base.ARCH ?? 'x86', crossCompile = base.CROSS_COMPILE ?? '' } = options;
  const prefixed = Object.entries(TARGET_TOOLS).map(([variable, tool]) => [variable, crossCompile + tool] as const);
  const cc = options.cc ?? crossCompile + TARGET_TOOLS.CC;
  const makefile = readMakefile(tree);
  return {
    ...base,
    ...HOST_TOOLS,
    ...Object.fromEntries(prefixed),
    CC: cc,
    srctree: tree,
    ARCH: arch,
    SRCARCH: sourceArch[arch] ?? arch,
    KERNELVERSION: kernelVersion(makefile),
    CC_VERSION_TEXT: options.ccVersionText ?? versionText(cc),
    // Newer Makefiles ask more than the compiler; a kernel needs neither.
    ...(asks(makefile, 'RUSTC_VERSION_TEXT') ? { RUSTC_VERSION_TEXT: firstLine(HOST_TOOLS.RUSTC, ['--version']) } : {}),
    ...(asks(makefile, 'PAHOLE_VERSION')
      ? { PAHOLE_VERSION: firstLine(join(tree, 'scripts/pahole-version.sh'), [HOST_TOOLS.PAHOLE]) }
      : {}),
  };
}

function readMakefile(tree: string): string {
  try {
    return readFileSync(join(tree, 'Makefile'), 'utf8');
  } catch (cause) {
    throw new KernelConfigError('KCONFIG_NOT_FOUND', `${tree} has no Makefile`, {
      cause,
      hint: 'Name the top folder of a kernel source tree.',
    });
  }
}

/** The version in the Makefile: `6.12.107`, `7.1.0-rc3`. */
function kernelVersion(makefile: string): string {
  const part = (name: string): string => new RegExp(`^${name} *= *(\\S*)`, 'm').exec(makefile)?.[1] ?? '';
  return (
    [part('VERSION'), part('PATCHLEVEL'), part('SUBLEVEL')].filter((number) => number !== '').join('.') + part('EXTRAVERSION')
  );
}

function versionText(cc: string): string {
  const [program = '', ...words] = cc.split(/\s+/);
  const text = firstLine(program, [...words, '--version']);
  if (text === '') {
    throw new KernelConfigError('PROBE_FAILED', `cannot ask ${cc} for its version`, {
      hint: 'Install the compiler, or give ccVersionText.',
    });
  }
  return text;
}

function asks(makefile: string, variable: string): boolean {
  return makefile.includes(`\n${variable} =`);
}

/** What a program says first, whether it succeeds or not, without the `#` that make could not take; empty without the program. */
function firstLine(program: string, words: readonly string[]): string {
  const { stdout } = spawnSync(program, words, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (stdout ?? '').split('\n')[0]!.replaceAll('#', '');
}
