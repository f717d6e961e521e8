import { defineRecipe, make } from '@xlfs/core';

export const sysvinit = defineRecipe({
  name: 'sysvinit',
  version: '3.14',
  summary: 'init, and what changes its runlevel',
  license: 'GPL-2.0-or-later',
  homepage: 'https://savannah.nongnu.org/projects/sysvinit',
  reference: 'LFS 12.3, 8.85 SysVinit-3.14',
  sources: [
    {
      name: 'sysvinit',
      version: '3.14',
      url: 'https://github.com/slicer69/sysvinit/archive/{version}/sysvinit-{version}.tar.gz',
      debian: { package: 'sysvinit' },
    },
  ],
  needs: { run: ['bash', 'glibc'] },
  weight: 0.05,
  phases: make({ install: ['install'] }),
});
