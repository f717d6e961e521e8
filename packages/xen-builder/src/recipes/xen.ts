import { defineRecipe, type Recipe } from '@xlfs/core';
import { freestanding } from './freestanding.ts';

/** One release for hypervisor and tools: they share an interface that has no stability promise. */
const source = {
  name: 'xen',
  version: '4.20.3',
  url: 'https://downloads.xenproject.org/release/xen/{version}/xen-{version}.tar.gz',
  debian: { package: 'xen', version: '4.20.3+127-gc42374a105' },
} as const;

/** What the hypervisor prints as `compiled by`; its date comes from SOURCE_DATE_EPOCH. */
const compiledBy = { XEN_WHOAMI: 'root', XEN_DOMAIN: 'xlfs', XEN_BUILD_HOST: 'xlfs' };

/** The hypervisor: `/boot/xen.gz` for boot loaders, `/boot/xen` for QEMU's multiboot loader. */
export const xen: Recipe = defineRecipe({
  name: 'xen',
  version: source.version,
  summary: 'The hypervisor',
  license: 'GPL-2.0-only',
  homepage: 'https://xenproject.org/',
  reference: 'README of xen, Quick-Start Guide',
  sources: [source],
  needs: { tools: ['flex'] },
  weight: 0.88,
  env: compiledBy,
  phases: freestanding([
    { name: 'configure', run: 'make -C xen defconfig' },
    { name: 'build', run: 'make -C xen' },
    {
      name: 'install',
      run: `\
boot=\${DESTDIR:-}/boot
install -D -m 0644 xen/xen "$boot/xen"
gzip -9 -n < xen/xen > "$boot/xen.gz"
install -m 0644 xen/.config "$boot/config-xen"`,
    },
  ]),
});

/** Parts of tools/ that a toolstack for PV and PVH guests consists of, in the order of their needs. */
const toolstack = ['include', 'libs', 'xs-clients', 'xenstored', 'console', 'helpers', 'xl'];

/**
 * `configure` insists on some things that nothing of {@link toolstack} uses (Python's headers, curses), and would pick up libraries of
 * the distribution that the host is not meant to carry. Its own cache variables answer for them.
 */
const answers = [
  ...['ac_cv_header_Python_h=yes', 'ac_cv_func_PyArg_ParseTuple=yes', 'ac_cv_header_curses_h=yes', 'ac_cv_lib_curses_clear=yes'],
  ...['ac_cv_header_ncurses_h=no', 'ac_cv_header_bzlib_h=no', 'ac_cv_header_lzma_h=no', 'ac_cv_header_lzo_lzo1x_h=no'],
  'ac_cv_header_valgrind_memcheck_h=no',
];

const libraries = ['filesystem', 'libuuid', 'yajl', 'zlib'];

/** pkg-config is kept to the target root, where no libzstd and no libnl of the distribution can be found. */
const configure = `\
export PKG_CONFIG_LIBDIR="\${DESTDIR:-}/usr/lib/pkgconfig:\${DESTDIR:-}/usr/share/pkgconfig"
unset PKG_CONFIG_PATH
./configure --prefix=/usr --libdir=/usr/lib --sysconfdir=/etc --localstatedir=/var --with-rundir=/run \\
  --disable-xen --disable-docs --disable-stubdom --disable-ocamltools --disable-golang --disable-pygrub --disable-libfsimage \\
  --disable-seabios --disable-ovmf --disable-ipxe --disable-rombios --disable-qemu-traditional --disable-pvshim \\
  --disable-monitors --disable-xsmpolicy --disable-systemd --with-xenstored=xenstored --with-system-qemu=/usr/bin/qemu-system-x86_64 \\
  ${answers.join(' ')}`;

/** xl, libxl and the daemons: what controls guests that need no device model. */
export const xenTools: Recipe = defineRecipe({
  name: 'xen-tools',
  version: source.version,
  summary: 'Toolstack: xl, libxl, xenstored, xenconsoled',
  license: 'LGPL-2.1-only AND GPL-2.0-only AND MIT',
  homepage: 'https://xenproject.org/',
  reference: 'README and INSTALL of xen',
  sources: [source],
  needs: { build: libraries, run: libraries, tools: ['acpica', 'flex', 'pkgconf'] },
  weight: 0.53,
  phases: [
    {
      name: 'configure',
      run: configure,
    },
    {
      name: 'build and install',
      // Programs are linked to libxenlight, and that to libyajl: the linker looks for libraries of libraries in the distribution's folders only.
      run: [
        'export LDFLAGS="-Wl,-rpath-link=${DESTDIR:-}/usr/lib"',
        ...toolstack.map((part) => `make -C tools/${part} install`),
      ].join('\n'),
    },
    {
      name: 'finish',
      // The same program under seven names is one program with links to it; static libraries are for nobody.
      run: `\
cd "\${DESTDIR:-}/usr"
for name in chmod exists list ls read rm watch write; do ln -sf xenstore "bin/xenstore-$name"; done
rm -f lib/libxen*.a lib/libxl*.a
strip --strip-unneeded sbin/xl sbin/xenstored sbin/xenconsoled bin/xenstore bin/xenstore-control lib/xen/bin/* lib/libxen*.so.*.* lib/libxlutil.so.*.*`,
    },
  ],
});

/**
 * xencommons and xendomains for SysV init, and the scripts that connect guests' devices. Apart from {@link xenTools}, since a dom0 of named
 * programs brings its own, which need no bash.
 */
export const xenScripts: Recipe = defineRecipe({
  name: 'xen-scripts',
  version: source.version,
  summary: "Xen's own boot scripts, and those that connect disks and network interfaces of guests",
  license: 'LGPL-2.1-only AND GPL-2.0-only',
  homepage: 'https://xenproject.org/',
  reference: 'README and INSTALL of xen; docs/misc/distro_mapping.txt',
  sources: [source],
  needs: { build: ['xen-tools'], run: ['bash', 'xen-tools'], tools: ['acpica', 'flex', 'pkgconf'] },
  weight: 0.02,
  phases: [
    { name: 'configure', run: `${configure} \\\n  --with-initddir=/etc/rc.d/init.d --with-sysconfig-leaf-dir=sysconfig` },
    { name: 'install', run: 'make -C tools/hotplug install' },
    {
      name: 'finish',
      // No QEMU is a part of the system: disks come from the kernel's back end, and nobody has to wait for another one.
      run: `\
cd "\${DESTDIR:-}/"
sed -i 's,^#QEMU_XEN=.*,QEMU_XEN=/usr/bin/true,' etc/sysconfig/xencommons
grep -q '^QEMU_XEN=/usr/bin/true$' etc/sysconfig/xencommons
mkdir -p etc/xen/auto var/lib/xen/dump var/log/xen
echo 'autoballoon="off"' > etc/xen/xl.conf
for level in 2 3 4 5; do
  mkdir -p etc/rc.d/rc$level.d
  ln -sf ../init.d/xencommons etc/rc.d/rc$level.d/S50xencommons
  ln -sf ../init.d/xendomains etc/rc.d/rc$level.d/S60xendomains
done
for level in 0 1 6; do
  mkdir -p etc/rc.d/rc$level.d
  ln -sf ../init.d/xendomains etc/rc.d/rc$level.d/K10xendomains
  ln -sf ../init.d/xencommons etc/rc.d/rc$level.d/K20xencommons
done`,
    },
  ],
});
