import { defineRecipe } from '@xlfs/core';
import { autoconf } from '../system/autoconf.ts';
import { automake } from '../system/automake.ts';
import { libtool } from '../system/libtool.ts';

/**
 * For what perl is linked to and comes without a configure script: the final autotools are perl programs. They run on the temporary
 * system's perl, lie below that one build, and nothing else uses them.
 */
export const temporaryAutotools = defineRecipe({
  name: 'temporary-autotools',
  version: autoconf.version,
  summary: 'Autoconf, automake and libtool before there is a final perl',
  license: `${autoconf.license} AND ${automake.license} AND ${libtool.license}`,
  homepage: 'https://www.gnu.org/software/autoconf/',
  reference: 'LFS 12.3, 8.37 Libtool, 8.46 Autoconf, 8.47 Automake; the book has no such step',
  sources: [...autoconf.sources, ...automake.sources, ...libtool.sources],
  needs: { run: ['cross-glibc', 'temporary-m4', 'temporary-perl'] },
  weight: 0.1,
  phases: [
    {
      name: 'install',
      run: `\
for package in autoconf automake libtool; do
  cd "/build/$package"
  ./configure --prefix=/usr
  make
  make install
done`,
    },
  ],
});
