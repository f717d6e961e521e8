import { defineRecipe } from '@xlfs/core';

export const ianaEtc = defineRecipe({
  name: 'iana-etc',
  version: '6.5',
  summary: 'Names of network services and protocols',
  license: 'GPL-2.0-only',
  homepage: 'https://salsa.debian.org/md/netbase',
  reference: 'LFS 12.3, 8.4 Iana-Etc-20250123',
  sources: [
    {
      name: 'netbase',
      version: '6.5',
      url: 'https://salsa.debian.org/md/netbase/-/archive/v{version}/netbase-v{version}.tar.gz',
      debian: { package: 'netbase' },
    },
  ],
  needs: { run: ['filesystem'] },
  weight: 0.01,
  phases: [{ name: 'install', run: 'install -m 644 etc/services etc/protocols /etc/' }],
});
