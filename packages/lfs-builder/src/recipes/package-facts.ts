import type { RecipeInput } from '@xlfs/core';

/** What every stage that builds a package says of it in the same words. */
export interface PackageFacts extends Pick<RecipeInput, 'version' | 'license' | 'homepage'> {
  readonly sources: NonNullable<RecipeInput['sources']>;
}

interface Place {
  readonly license: string;
  readonly homepage: string;
  readonly url: string;
  /** Debian's source package, when it is called differently. */
  readonly debian?: string;
  /** Debian's upstream version, when it differs: repacked, or a later snapshot. */
  readonly debianVersion?: string;
  readonly nested?: string;
}

const GPL = 'GPL-3.0-or-later';
const gnu = (name: string, path = name): string => `https://ftp.gnu.org/gnu/${path}/${name}-{version}.tar.xz`;
const gnuHome = (name: string): string => `https://www.gnu.org/software/${name}/`;

/** The packages that are built more than once on the way to the final system. */
export const facts = {
  bash: pkg('bash', '5.2.37', {
    license: GPL,
    homepage: gnuHome('bash'),
    url: 'https://ftp.gnu.org/gnu/bash/bash-{version}.tar.gz',
  }),
  binutils: pkg('binutils', '2.44', {
    license: GPL,
    homepage: gnuHome('binutils'),
    url: 'https://sourceware.org/pub/binutils/releases/binutils-{version}.tar.xz',
  }),
  bison: pkg('bison', '3.8.2', {
    license: GPL,
    homepage: gnuHome('bison'),
    url: gnu('bison'),
    debianVersion: '3.8.2+dfsg',
  }),
  coreutils: pkg('coreutils', '9.7', { license: GPL, homepage: gnuHome('coreutils'), url: gnu('coreutils') }),
  diffutils: pkg('diffutils', '3.12', { license: GPL, homepage: gnuHome('diffutils'), url: gnu('diffutils') }),
  file: pkg('file', '5.46', {
    license: 'BSD-2-Clause',
    homepage: 'https://www.darwinsys.com/file/',
    url: 'https://astron.com/pub/file/file-{version}.tar.gz',
  }),
  findutils: pkg('findutils', '4.10.0', { license: GPL, homepage: gnuHome('findutils'), url: gnu('findutils') }),
  gawk: pkg('gawk', '5.3.2', { license: GPL, homepage: gnuHome('gawk'), url: gnu('gawk') }),
  gcc: pkg('gcc', '14.2.0', {
    license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
    homepage: 'https://gcc.gnu.org/',
    url: gnu('gcc', 'gcc/gcc-{version}'),
    debian: 'gcc-14',
    nested: 'gcc-*.tar.xz',
  }),
  gettext: pkg('gettext', '0.23.1', {
    license: 'GPL-3.0-or-later AND LGPL-2.1-or-later',
    homepage: gnuHome('gettext'),
    url: gnu('gettext'),
  }),
  glibc: pkg('glibc', '2.41', { license: 'LGPL-2.1-or-later', homepage: gnuHome('libc'), url: gnu('glibc') }),
  gmp: pkg('gmp', '6.3.0', {
    license: 'LGPL-3.0-or-later OR GPL-2.0-or-later',
    homepage: gnuHome('gmp'),
    url: gnu('gmp'),
    debianVersion: '6.3.0+dfsg',
  }),
  grep: pkg('grep', '3.11', { license: GPL, homepage: gnuHome('grep'), url: gnu('grep') }),
  gzip: pkg('gzip', '1.13', { license: GPL, homepage: gnuHome('gzip'), url: gnu('gzip') }),
  linux: pkg('linux', '6.12.107', {
    license: 'GPL-2.0-only WITH Linux-syscall-note',
    homepage: 'https://www.kernel.org/',
    url: 'https://cdn.kernel.org/pub/linux/kernel/v6.x/linux-{version}.tar.xz',
  }),
  m4: pkg('m4', '1.4.19', { license: GPL, homepage: gnuHome('m4'), url: gnu('m4') }),
  make: pkg('make', '4.4.1', {
    license: GPL,
    homepage: gnuHome('make'),
    url: 'https://ftp.gnu.org/gnu/make/make-{version}.tar.gz',
    debian: 'make-dfsg',
  }),
  mpc: pkg('mpc', '1.3.1', {
    license: 'LGPL-3.0-or-later',
    homepage: 'https://www.multiprecision.org/',
    url: 'https://ftp.gnu.org/gnu/mpc/mpc-{version}.tar.gz',
    debian: 'mpclib3',
  }),
  mpfr: pkg('mpfr', '4.2.2', {
    license: 'LGPL-3.0-or-later',
    homepage: 'https://www.mpfr.org/',
    url: gnu('mpfr'),
    debian: 'mpfr4',
  }),
  ncurses: pkg('ncurses', '6.5', {
    license: 'X11-distribute-modifications-variant',
    homepage: gnuHome('ncurses'),
    url: 'https://invisible-mirror.net/archives/ncurses/ncurses-{version}.tar.gz',
    debianVersion: '6.5+20250216',
  }),
  patch: pkg('patch', '2.8', { license: GPL, homepage: 'https://savannah.gnu.org/projects/patch/', url: gnu('patch') }),
  perl: pkg('perl', '5.40.1', {
    license: 'Artistic-1.0-Perl OR GPL-1.0-or-later',
    homepage: 'https://www.perl.org/',
    url: 'https://www.cpan.org/src/5.0/perl-{version}.tar.xz',
  }),
  python: pkg('python', '3.13.5', {
    license: 'Python-2.0',
    homepage: 'https://www.python.org/',
    url: 'https://www.python.org/ftp/python/{version}/Python-{version}.tar.xz',
    debian: 'python3.13',
  }),
  sed: pkg('sed', '4.9', { license: GPL, homepage: gnuHome('sed'), url: gnu('sed') }),
  tar: pkg('tar', '1.35', { license: GPL, homepage: gnuHome('tar'), url: gnu('tar'), debianVersion: '1.35+dfsg' }),
  texinfo: pkg('texinfo', '6.8', { license: GPL, homepage: gnuHome('texinfo'), url: gnu('texinfo') }),
  utilLinux: pkg('util-linux', '2.41.5', {
    license: 'GPL-2.0-or-later AND LGPL-2.1-or-later AND BSD-3-Clause',
    homepage: 'https://www.kernel.org/pub/linux/utils/util-linux/',
    url: 'https://www.kernel.org/pub/linux/utils/util-linux/v2.41/util-linux-{version}.tar.xz',
  }),
  xz: pkg('xz', '5.8.1', {
    license: '0BSD AND GPL-2.0-or-later AND LGPL-2.1-or-later',
    homepage: 'https://tukaani.org/xz/',
    url: 'https://github.com/tukaani-project/xz/releases/download/v{version}/xz-{version}.tar.xz',
    debian: 'xz-utils',
  }),
} satisfies Record<string, PackageFacts>;

const EMPTY_MAKEFILE = 'all check info install install-data install-exec install-strip mostlyclean clean distclean:';

/** Shell that makes a tarball without its GFDL manual (Debian's) build like the one with it (upstream's), both without a manual. */
export const WITHOUT_MANUAL = {
  // Its examples were extracted from the manual by perl, which is not there yet.
  bison: `\
: > doc/bison.texi
touch -r doc/cross-options.texi doc/bison.texi
touch examples/extracted.stamp
sed -i -e 's/^INFO_DEPS = .*/INFO_DEPS =/' -e '/^all-local:.*\\.info\\.bak$/d' Makefile.in`,
  // A stub of the description of hooks is there, which a program would compare with the sources.
  gcc: String.raw`sed -i -e '/^s-tm-texi: build.genhooks/,/^$/d' -e 's/^s-tm-texi:.*/s-tm-texi:\n\ttouch $@/' gcc/Makefile.in`,
  // Some of its library of functions is taken out of the manual, too.
  gawk: String.raw`[ -e doc/gawk.texi ] || { sed -i 's/doc awklib/doc/' Makefile.in; sed -i -e '/^INFO_DEPS/,/[^\\]$/d' doc/Makefile.in; }`,
  glibc: "[ -d manual ] || sed -i 's/ manual / /' Makeconfig",
  gmp: `mkdir -p doc; echo '${EMPTY_MAKEFILE}' > doc/Makefile.in`,
  make: `mkdir -p doc; echo '${EMPTY_MAKEFILE}' > doc/Makefile.in; [ -e doc/make.1 ] || : > doc/make.1`,
  tar: `echo '${EMPTY_MAKEFILE}' > doc/Makefile.in`,
};

/** Shell that lets texinfo's copy of a header of gnulib's go with the C library of today. */
export const TEXINFO_WITH_GLIBC = "sed -i 's/__attribute_nonnull__/__nonnull/' gnulib/lib/malloc/dynarray-skeleton.c";

function pkg(name: string, version: string, place: Place): PackageFacts {
  const { license, homepage, url, debian = name, debianVersion, nested } = place;
  const pin = {
    package: debian,
    ...(debianVersion === undefined ? {} : { version: debianVersion }),
    ...(nested === undefined ? {} : { nested }),
  };
  return { version, license, homepage, sources: [{ name, version, url, debian: pin }] };
}
