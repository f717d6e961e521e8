import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { KernelConfigError } from '../errors.ts';

export interface KernelEnvironmentOptions {
  /** The kernel's source folder. */
  readonly tree: string;
  /** As in `make ARCH=…`. @default 'x86' */
  readonly arch?: string;
  /** @default 'gcc' */
  readonly cc?: string;
  /** What comes from the surrounding environment. @default this process's */
  readonly base?: Readonly<Record<string, string | undefined>>;
  /** The first line of `$CC --version`, for a compiler that is not here. @default asked from the compiler */
  readonly ccVersionText?: string;
}

const sourceArch: Readonly<Record<string, string>> = {
  i386: 'x86',
  x86_64: 'x86',
  sparc32: 'sparc',
  sparc64: 'sparc',
  parisc64: 'parisc',
};

/**
 * The environment variables that a kernel's Makefile hands to Kconfig.
 *
 * @throws KernelConfigError `KCONFIG_NOT_FOUND` without a Makefile, `PROBE_FAILED` if the compiler does not answer
 */
export function kernelEnvironment(options: KernelEnvironmentOptions): Record<string, string | undefined> {
  const { tree, arch = 'x86', cc = 'gcc', base = process.env } = options;
  return {
    CC: cc,
    LD: 'ld',
    HOSTCC: 'gcc',
    HOSTCXX: 'g++',
    AR: 'ar',
    NM: 'nm',
    OBJCOPY: 'objcopy',
    OBJDUMP: 'objdump',
    READELF: 'readelf',
    STRIP: 'strip',
    RUSTC: 'rustc',
    BINDGEN: 'bindgen',
    PAHOLE: 'pahole',
    CLANG_FLAGS: '',
    ...base,
    srctree: tree,
    ARCH: arch,
    SRCARCH: sourceArch[arch] ?? arch,
    KERNELVERSION: kernelVersion(tree),
    CC_VERSION_TEXT: options.ccVersionText ?? versionText(base.CC ?? cc),
  };
}

/** The version in the Makefile: `6.12.107`, `7.1.0-rc3`. */
function kernelVersion(tree: string): string {
  let makefile: string;
  try {
    makefile = readFileSync(join(tree, 'Makefile'), 'utf8');
  } catch (cause) {
    throw new KernelConfigError('KCONFIG_NOT_FOUND', `${tree} has no Makefile`, {
      cause,
      hint: 'Name the top folder of a kernel source tree.',
    });
  }
  const part = (name: string): string => new RegExp(`^${name} *= *(\\S*)`, 'm').exec(makefile)?.[1] ?? '';
  return (
    [part('VERSION'), part('PATCHLEVEL'), part('SUBLEVEL')].filter((number) => number !== '').join('.') + part('EXTRAVERSION')
  );
}

function versionText(cc: string): string {
  try {
    const [program = 'gcc', ...words] = cc.split(/\s+/);
    return execFileSync(program, [...words, '--version'], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).split(
      '\n',
    )[0]!;
  } catch (cause) {
    throw new KernelConfigError('PROBE_FAILED', `cannot ask ${cc} for its version`, {
      cause,
      hint: 'Install the compiler, or give ccVersionText.',
    });
  }
}
