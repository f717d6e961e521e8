import { defineRecipe } from '@xlfs/core';

export const acpica = defineRecipe({
  name: 'acpica',
  version: '20250404',
  summary: 'Compiler of ACPI tables, with which Xen makes those of its guests',
  license: 'BSD-3-Clause OR GPL-2.0-only',
  homepage: 'https://www.intel.com/content/www/us/en/developer/topic-technology/open/acpica/overview.html',
  reference: 'generate/unix/readme.txt of acpica',
  sources: [
    {
      name: 'acpica',
      version: '20250404',
      url: 'https://github.com/acpica/acpica/releases/download/{version}/acpica-unix-{version}.tar.gz',
      debian: { package: 'acpica-unix' },
    },
  ],
  needs: { run: ['glibc'], tools: ['flex'] },
  weight: 0.4,
  phases: [
    { name: 'build', run: 'make -C generate/unix NOWERROR=TRUE iasl' },
    { name: 'install', run: 'install -m 755 generate/unix/bin/iasl /usr/bin/' },
  ],
});
