import { autotools, defineRecipe } from '@xlfs/core';
import { asNobody } from '../as-nobody.ts';

export const procpsNg = defineRecipe({
  name: 'procps-ng',
  version: '4.0.4',
  summary: 'Processes and memory: ps, top, free, sysctl, pgrep, watch',
  license: 'GPL-2.0-or-later AND LGPL-2.1-or-later',
  homepage: 'https://gitlab.com/procps-ng/procps/',
  reference: 'LFS 12.3, 8.78 Procps-ng-4.0.5',
  sources: [
    {
      name: 'procps-ng',
      version: '4.0.4',
      url: 'https://sourceforge.net/projects/procps-ng/files/Production/procps-ng-{version}.tar.xz',
      debian: { package: 'procps' },
    },
  ],
  needs: { build: ['ncurses'], run: ['glibc', 'ncurses'], tools: ['pkgconf'], test: ['dejagnu'] },
  weight: 0.3,
  phases: autotools({
    // There is one ncurses here, the wide one, and no folder of its own for it.
    prepare: "sed -i 's,<ncursesw/ncurses.h>,<ncurses.h>,' src/watch.c",
    // util-linux has kill.
    configure: ['--docdir=/usr/share/doc/procps-ng-"$VERSION"', '--disable-static', '--disable-kill', '--enable-watch8bit'],
    finish: 'rm -f /usr/lib/libproc2.la',
  }),
  // pgrep is to find itself by its session, which is to begin here, then.
  tests: { run: asNobody('setsid --wait make check') },
});
