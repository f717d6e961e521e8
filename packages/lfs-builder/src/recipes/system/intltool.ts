import { autotools, defineRecipe } from '@xlfs/core';

export const intltool = defineRecipe({
  name: 'intltool',
  version: '0.51.0',
  summary: 'Takes translatable strings out of source files',
  license: 'GPL-2.0-or-later WITH Autoconf-exception-generic',
  homepage: 'https://freedesktop.org/wiki/Software/intltool',
  reference: 'LFS 12.3, 8.45 Intltool-0.51.0',
  sources: [
    {
      name: 'intltool',
      version: '0.51.0',
      url: 'https://launchpad.net/intltool/trunk/{version}/+download/intltool-{version}.tar.gz',
      debian: { package: 'intltool' },
    },
  ],
  needs: { build: ['perl', 'xml-parser'], run: ['autoconf', 'automake', 'bash', 'perl', 'xml-parser'] },
  weight: 0.02,
  phases: autotools({
    // Perl takes a bare brace in a pattern for a mistake since 5.22.
    prepare: "sed -i 's:\\\\\\${:\\\\\\$\\\\{:' intltool-update.in",
    finish: 'install -D -m 644 doc/I18N-HOWTO /usr/share/doc/intltool-"$VERSION"/I18N-HOWTO',
  }),
  tests: { run: 'make check' },
});
