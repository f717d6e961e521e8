import { defineRecipe, make } from '@xlfs/core';

export const iproute2 = defineRecipe({
  name: 'iproute2',
  version: '6.1.0',
  summary: 'Network: addresses, links, routes, traffic control, bridges',
  license: 'GPL-2.0-or-later',
  homepage: 'https://wiki.linuxfoundation.org/networking/iproute2',
  reference: 'LFS 12.3, 8.66 IPRoute2-6.13.0',
  sources: [
    {
      name: 'iproute2',
      version: '6.1.0',
      url: 'https://www.kernel.org/pub/linux/utils/net/iproute2/iproute2-{version}.tar.xz',
      debian: { package: 'iproute2' },
    },
  ],
  needs: { build: ['libcap', 'libelf'], run: ['bash', 'glibc', 'libcap', 'libelf'], tools: ['flex', 'pkgconf'] },
  weight: 0.5,
  phases: make({
    // arpd wants Berkeley DB.
    prepare: `\
sed -i /ARPD/d Makefile
rm -f man/man8/arpd.8`,
    make: ['NETNS_RUN_DIR=/run/netns'],
    install: ['SBINDIR=/usr/sbin', 'install'],
  }),
});
