import { autotools, defineRecipe } from '@xlfs/core';

export const inetutils = defineRecipe({
  name: 'inetutils',
  version: '2.6',
  summary: 'Network tools: ping, traceroute, ftp, telnet, ifconfig, hostname',
  license: 'GPL-3.0-or-later',
  homepage: 'https://www.gnu.org/software/inetutils/',
  reference: 'LFS 12.3, 8.41 Inetutils-2.6',
  sources: [
    {
      name: 'inetutils',
      version: '2.6',
      url: 'https://ftp.gnu.org/gnu/inetutils/inetutils-{version}.tar.xz',
      debian: { package: 'inetutils' },
    },
  ],
  needs: { build: ['ncurses', 'readline'], run: ['glibc', 'ncurses', 'readline'] },
  weight: 0.3,
  phases: autotools({
    prepare: "sed -i 's/def HAVE_TERMCAP_TGETENT/ 1/' telnet/telnet.c",
    configure: [
      '--bindir=/usr/bin',
      '--localstatedir=/var',
      // util-linux has a newer one.
      '--disable-logger',
      '--disable-whois',
      // In the clear over the network.
      '--disable-rcp',
      '--disable-rexec',
      '--disable-rlogin',
      '--disable-rsh',
      '--disable-servers',
    ],
    finish: 'mv /usr/bin/ifconfig /usr/sbin/',
  }),
  tests: { run: 'make check' },
});
