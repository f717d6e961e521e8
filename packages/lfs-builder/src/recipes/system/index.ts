import type { Recipe } from '@xlfs/core';
import { acl } from './acl.ts';
import { attr } from './attr.ts';
import { bash } from './bash.ts';
import { bc } from './bc.ts';
import { binutils } from './binutils.ts';
import { bison } from './bison.ts';
import { bzip2 } from './bzip2.ts';
import { dejagnu } from './dejagnu.ts';
import { expat } from './expat.ts';
import { expect } from './expect.ts';
import { file } from './file.ts';
import { filesystem } from './filesystem.ts';
import { flex } from './flex.ts';
import { gcc } from './gcc.ts';
import { gccLibs } from './gcc-libs.ts';
import { gdbm } from './gdbm.ts';
import { gettext } from './gettext.ts';
import { glibc } from './glibc.ts';
import { gmp } from './gmp.ts';
import { gperf } from './gperf.ts';
import { grep } from './grep.ts';
import { ianaEtc } from './iana-etc.ts';
import { inetutils } from './inetutils.ts';
import { less } from './less.ts';
import { lfsSystem } from './lfs-system.ts';
import { libaio } from './libaio.ts';
import { libcap } from './libcap.ts';
import { libtool } from './libtool.ts';
import { libuuid } from './libuuid.ts';
import { libxcrypt } from './libxcrypt.ts';
import { lz4 } from './lz4.ts';
import { m4 } from './m4.ts';
import { manPages } from './man-pages.ts';
import { mpc } from './mpc.ts';
import { mpfr } from './mpfr.ts';
import { ncurses } from './ncurses.ts';
import { perl } from './perl.ts';
import { pkgconf } from './pkgconf.ts';
import { psmisc } from './psmisc.ts';
import { readline } from './readline.ts';
import { sed } from './sed.ts';
import { shadow } from './shadow.ts';
import { tcl } from './tcl.ts';
import { tzdata } from './tzdata.ts';
import { xz } from './xz.ts';
import { yajl } from './yajl.ts';
import { zlib } from './zlib.ts';
import { zstd } from './zstd.ts';

/** Chapter 8 in the book's order: the final system, and the libraries that Xen adds to it. */
export const systemRecipes: readonly Recipe[] = [
  filesystem,
  manPages,
  ianaEtc,
  glibc,
  tzdata,
  zlib,
  bzip2,
  xz,
  lz4,
  zstd,
  file,
  readline,
  m4,
  bc,
  flex,
  tcl,
  expect,
  dejagnu,
  pkgconf,
  binutils,
  gmp,
  mpfr,
  mpc,
  attr,
  acl,
  libcap,
  libxcrypt,
  shadow,
  gccLibs,
  gcc,
  ncurses,
  sed,
  psmisc,
  gettext,
  bison,
  grep,
  bash,
  libtool,
  gdbm,
  gperf,
  expat,
  inetutils,
  less,
  perl,
  lfsSystem,
  libaio,
  libuuid,
  yajl,
];
