import type { Phase } from './recipe.ts';

/** Options shared by the helpers: lists of arguments, each quoted for the shell by its author where it needs it. */
interface Common {
  /** Shell run in the source folder first: patches, `sed`. */
  readonly prepare?: string;
  /** Shell run after the installation: links, removals. */
  readonly finish?: string;
}

export interface AutotoolsOptions extends Common {
  /** Arguments to `configure` beside `--prefix=/usr`. */
  readonly configure?: readonly string[];
  readonly make?: readonly string[];
  /** Arguments to the installing `make`. @default ['install'] */
  readonly install?: readonly string[];
  /** Configure in a `build` folder of its own, as the toolchain packages ask for. @default false */
  readonly outOfTree?: boolean;
}

/** `./configure && make && make install`, prefix `/usr`. `DESTDIR` comes from the environment. */
export function autotools(options: AutotoolsOptions = {}): Phase[] {
  const { configure = [], make = [], install = ['install'], outOfTree = false } = options;
  const enter = outOfTree ? 'mkdir -p build && cd build && ' : '';
  const script = outOfTree ? '../configure' : './configure';
  return phases(options, [
    ['configure', `${enter}${words(script, '--prefix=/usr', ...configure)}`],
    ['build', `${outOfTree ? 'cd build && ' : ''}${words('make', ...make)}`],
    ['install', `${outOfTree ? 'cd build && ' : ''}${words('make', ...install)}`],
  ]);
}

export interface MakeOptions extends Common {
  readonly make?: readonly string[];
  /** Arguments to the installing `make`. @default ['PREFIX=/usr', 'install'] */
  readonly install?: readonly string[];
}

/** A plain Makefile. */
export function make(options: MakeOptions = {}): Phase[] {
  const { make: build = [], install = ['PREFIX=/usr', 'install'] } = options;
  return phases(options, [
    ['build', words('make', ...build)],
    ['install', words('make', ...install)],
  ]);
}

export interface MesonOptions extends Common {
  /** Arguments to `meson setup` beside prefix, library folder and build type. */
  readonly setup?: readonly string[];
}

/** meson and ninja; ninja before 1.13 knows no jobserver and is given `$JOBS`. */
export function meson(options: MesonOptions = {}): Phase[] {
  return phases(options, [
    ['configure', words('meson setup build', '--prefix=/usr', '--libdir=lib', '--buildtype=release', ...(options.setup ?? []))],
    ['build', 'ninja -C build -j "$JOBS"'],
    ['install', 'ninja -C build install'],
  ]);
}

export interface CmakeOptions extends Common {
  /** Arguments to `cmake` beside prefix, library folder and build type. */
  readonly configure?: readonly string[];
}

/** cmake with the Makefile generator, so that the shared jobserver governs it. */
export function cmake(options: CmakeOptions = {}): Phase[] {
  return phases(options, [
    [
      'configure',
      words(
        'cmake -S . -B build',
        '-DCMAKE_INSTALL_PREFIX=/usr',
        '-DCMAKE_INSTALL_LIBDIR=lib',
        '-DCMAKE_BUILD_TYPE=Release',
        ...(options.configure ?? []),
      ),
    ],
    ['build', 'make -C build'],
    ['install', 'make -C build install'],
  ]);
}

function phases({ prepare, finish }: Common, middle: readonly (readonly [string, string])[]): Phase[] {
  return [
    ...(prepare === undefined ? [] : [{ name: 'prepare', run: prepare }]),
    ...middle.map(([name, run]) => ({ name, run })),
    ...(finish === undefined ? [] : [{ name: 'finish', run: finish }]),
  ];
}

function words(...parts: string[]): string {
  return parts.join(' ');
}
