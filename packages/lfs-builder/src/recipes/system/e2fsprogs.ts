import { autotools, defineRecipe } from '@xlfs/core';

export const e2fsprogs = defineRecipe({
  name: 'e2fsprogs',
  version: '1.47.2',
  summary: 'Makes, checks, resizes and examines ext2, ext3 and ext4 file systems',
  license: 'GPL-2.0-only AND LGPL-2.0-only AND BSD-3-Clause AND MIT',
  homepage: 'https://e2fsprogs.sourceforge.net/',
  reference: 'LFS 12.3, 8.80 E2fsprogs-1.47.2',
  sources: [
    {
      name: 'e2fsprogs',
      version: '1.47.2',
      url: 'https://downloads.sourceforge.net/project/e2fsprogs/e2fsprogs/v{version}/e2fsprogs-{version}.tar.gz',
      debian: { package: 'e2fsprogs' },
    },
  ],
  needs: {
    build: ['util-linux'],
    run: ['bash', 'glibc', 'util-linux'],
    tools: ['pkgconf'],
    test: ['acl', 'procps-ng', 'psmisc'],
  },
  weight: 0.9,
  phases: autotools({
    outOfTree: true,
    configure: [
      '--sysconfdir=/etc',
      '--enable-elf-shlibs',
      '--disable-libblkid',
      '--disable-libuuid',
      '--disable-uuidd',
      '--disable-fsck',
    ],
    finish: `\
rm -f /usr/lib/libcom_err.a /usr/lib/libe2p.a /usr/lib/libext2fs.a /usr/lib/libss.a
gunzip /usr/share/info/libext2fs.info.gz
makeinfo -o /usr/share/info/com_err.info lib/et/com_err.texinfo
# GRUB cannot read what has it.
sed -i 's/metadata_csum_seed,//' /etc/mke2fs.conf`,
  }),
  tests: {
    run: 'cd build && make check',
    results: String.raw`find build/tests -name '*.ok' -o -name '*.failed' | sed -E 's,.*/(.*)\.ok$,PASS: \1,; s,.*/(.*)\.failed$,FAIL: \1,'`,
    least: 380,
  },
});
