import { autotools, defineRecipe, type AutotoolsOptions, type Recipe } from '@xlfs/core';
import { facts, WITHOUT_MANUAL } from './package-facts.ts';

/** Arguments to `configure` of what the cross toolchain compiles: another vendor than the host's makes it a cross build. */
export const CROSS_COMPILED = ['--host="$LFS_TGT"', '--build="$(gcc -dumpmachine)"'];

/** In the paths of what the cross-compiled compilers bring for their own target: the final ones, of another name, have none of it. */
export const CROSS_TARGET = '-lfs-linux-gnu';

/** GCC finds its arithmetic libraries in its own tree and builds them with itself. */
export const GCC_SOURCES = [...facts.gcc.sources, ...facts.gmp.sources, ...facts.mpfr.sources, ...facts.mpc.sources];

/** No manual, which Debian's tarball only has a stub of; libraries of the target without debugging information, as everything else. */
export const GCC_ENV = { MAKEINFO: 'true', CFLAGS_FOR_TARGET: '-O2 -pipe', CXXFLAGS_FOR_TARGET: '-O2 -pipe' };

/** Shell that puts them there, and 64-bit libraries into `lib`. */
export const PREPARE_GCC = `\
(cd ../gmp; ${WITHOUT_MANUAL.gmp})
${WITHOUT_MANUAL.gcc}
for library in gmp mpfr mpc; do ln -s "../$library" "$library"; done
sed -i '/m64=/s/lib64/lib/' gcc/config/i386/t-linux64`;

/** Shell that removes what nobody reads or links to before the final system has its own. No layer below has any of it. */
export const DROP_DOCUMENTATION = `\
find "\${LFS:-}/usr/share/man" "\${LFS:-}/usr/share/info" ! -type d -delete
find "\${LFS:-}/usr/share/doc" -mindepth 1 -delete
find "\${LFS:-}/usr/lib" -name '*.la' -delete`;

export interface CrossCompiledOptions extends AutotoolsOptions {
  readonly package: Exclude<keyof typeof facts, 'gcc'>;
  readonly summary: string;
  /** Section of the book. */
  readonly section: string;
  readonly weight: number;
  /** Temporary libraries that it links to. */
  readonly libraries?: readonly string[];
}

/** A package of chapter 6: built by the cross toolchain, installed below `$LFS` without documentation and translations. */
export function crossCompiled(options: CrossCompiledOptions): Recipe {
  const { summary, section, weight, libraries = [], configure = [], install = ['install-strip'], finish } = options;
  const about = facts[options.package];
  const name = about.sources[0]?.name ?? options.package;
  return defineRecipe({
    ...about,
    name: `temporary-${name}`,
    summary,
    reference: `LFS 12.3, ${section}`,
    needs: { build: ['cross-toolchain', ...libraries], run: ['cross-glibc', ...libraries] },
    weight,
    root: 'cross',
    phases: autotools({
      ...options,
      configure: [...CROSS_COMPILED, ...configure],
      install: ['DESTDIR="$LFS"', ...install],
      finish: [...(finish === undefined ? [] : [finish]), DROP_DOCUMENTATION].join('\n'),
    }),
  });
}
