import type { Recipe } from '@xlfs/core';
import { withCLibrary } from '../with-c-library.ts';
import { acl } from './acl.ts';
import { acpica } from './acpica.ts';
import { attr } from './attr.ts';
import { autoconf } from './autoconf.ts';
import { automake } from './automake.ts';
import { bash } from './bash.ts';
import { bc } from './bc.ts';
import { binutils } from './binutils.ts';
import { bison } from './bison.ts';
import { bzip2 } from './bzip2.ts';
import { check } from './check.ts';
import { coreutils } from './coreutils.ts';
import { dejagnu } from './dejagnu.ts';
import { diffutils } from './diffutils.ts';
import { e2fsprogs } from './e2fsprogs.ts';
import { expat } from './expat.ts';
import { expect } from './expect.ts';
import { file } from './file.ts';
import { filesystem } from './filesystem.ts';
import { findutils } from './findutils.ts';
import { flex } from './flex.ts';
import { flitCore } from './flit-core.ts';
import { gawk } from './gawk.ts';
import { gccLibs } from './gcc-libs.ts';
import { gcc } from './gcc.ts';
import { gdbm } from './gdbm.ts';
import { gettext } from './gettext.ts';
import { glibc } from './glibc.ts';
import { gmp } from './gmp.ts';
import { gperf } from './gperf.ts';
import { grep } from './grep.ts';
import { groff } from './groff.ts';
import { grub } from './grub.ts';
import { gzip } from './gzip.ts';
import { ianaEtc } from './iana-etc.ts';
import { inetutils } from './inetutils.ts';
import { intltool } from './intltool.ts';
import { iproute2 } from './iproute2.ts';
import { jinja2 } from './jinja2.ts';
import { kbd } from './kbd.ts';
import { kmod } from './kmod.ts';
import { less } from './less.ts';
import { lfsConfiguration } from './lfs-configuration.ts';
import { lfsSystem } from './lfs-system.ts';
import { libaio } from './libaio.ts';
import { libcap } from './libcap.ts';
import { libelf } from './libelf.ts';
import { libffi } from './libffi.ts';
import { libpipeline } from './libpipeline.ts';
import { libtool } from './libtool.ts';
import { libuuid } from './libuuid.ts';
import { libxcrypt } from './libxcrypt.ts';
import { lz4 } from './lz4.ts';
import { m4 } from './m4.ts';
import { make } from './make.ts';
import { manDb } from './man-db.ts';
import { manPages } from './man-pages.ts';
import { markupsafe } from './markupsafe.ts';
import { meson } from './meson.ts';
import { mpc } from './mpc.ts';
import { mpfr } from './mpfr.ts';
import { ncurses } from './ncurses.ts';
import { ninja } from './ninja.ts';
import { openssl } from './openssl.ts';
import { patch } from './patch.ts';
import { perl } from './perl.ts';
import { pkgconf } from './pkgconf.ts';
import { procpsNg } from './procps-ng.ts';
import { psmisc } from './psmisc.ts';
import { python } from './python.ts';
import { readline } from './readline.ts';
import { sed } from './sed.ts';
import { setuptools } from './setuptools.ts';
import { shadow } from './shadow.ts';
import { sysklogd } from './sysklogd.ts';
import { sysvinit } from './sysvinit.ts';
import { tar } from './tar.ts';
import { tcl } from './tcl.ts';
import { texinfo } from './texinfo.ts';
import { tzdata } from './tzdata.ts';
import { udev } from './udev.ts';
import { utilLinux } from './util-linux.ts';
import { vim } from './vim.ts';
import { wheel } from './wheel.ts';
import { xmlParser } from './xml-parser.ts';
import { xz } from './xz.ts';
import { yajl } from './yajl.ts';
import { zlib } from './zlib.ts';
import { zstd } from './zstd.ts';

/** Chapters 8 and 9 in the book's order, and the libraries that Xen adds: what is installed where the system is. */
const installed: readonly Recipe[] = [
  filesystem,
  manPages,
  ianaEtc,
  glibc,
  tzdata,
  withCLibrary(zlib),
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
  xmlParser,
  intltool,
  autoconf,
  automake,
  openssl,
  libelf,
  libffi,
  python,
  flitCore,
  wheel,
  setuptools,
  ninja,
  meson,
  kmod,
  coreutils,
  check,
  diffutils,
  gawk,
  findutils,
  groff,
  grub,
  gzip,
  iproute2,
  kbd,
  libpipeline,
  make,
  patch,
  tar,
  texinfo,
  vim,
  markupsafe,
  jinja2,
  udev,
  manDb,
  procpsNg,
  utilLinux,
  e2fsprogs,
  sysklogd,
  sysvinit,
  withCLibrary(libaio),
  withCLibrary(yajl),
  lfsConfiguration,
];

export const systemRecipes: readonly Recipe[] = [...installed, lfsSystem(installed), acpica, libuuid];
