import { defineRecipe } from '@xlfs/core';

/**
 * Xen's tools turn a text of the ACPI tables of guests into bytes with it, once, while they are built; nothing of it stays. Its source is
 * not to be had everywhere, so that this is the distribution's, as the first compiler is.
 */
export const acpica = defineRecipe({
  name: 'acpica',
  version: 'host',
  summary: "The distribution's compiler of ACPI tables, for building Xen's tools",
  license: 'BSD-3-Clause OR GPL-2.0-only',
  homepage: 'https://www.intel.com/content/www/us/en/developer/topic-technology/open/acpica/overview.html',
  reference: 'README of xen: build dependencies',
  needs: { run: ['glibc'] },
  weight: 0.01,
  root: 'cross',
  phases: [{ name: 'copy', run: 'install -D -m 755 "$(readlink -f "$(command -v iasl)")" "$LFS/usr/bin/iasl"' }],
});
