import { autotools, defineRecipe } from '@xlfs/core';

export const bash = defineRecipe({
  name: 'bash',
  version: '5.2.37',
  summary: 'The shell that the hotplug scripts of Xen are written for',
  license: 'GPL-3.0-or-later',
  homepage: 'https://www.gnu.org/software/bash/',
  reference: 'LFS 12.3, 8.36 Bash-5.2.37',
  sources: [
    {
      name: 'bash',
      version: '5.2.37',
      url: 'https://ftp.gnu.org/gnu/bash/bash-{version}.tar.gz',
      debian: { package: 'bash' },
    },
  ],
  needs: ['filesystem'],
  weight: 0.38,
  phases: autotools({
    configure: [
      // The C library's allocator, as the book has it.
      '--without-bash-malloc',
      '--disable-nls',
      // Bundled readline and termcap: a shell for scripts needs no terminal database.
      'bash_cv_termcap_lib=gnutermcap',
    ],
    // Its Makefile sets DESTDIR itself, so that the environment's is not heard.
    install: ['DESTDIR="${DESTDIR:-}"', 'install-strip'],
    // Loadable builtins and development files.
    finish: 'rm -rf "${DESTDIR:-}/usr/lib/bash" "${DESTDIR:-}/usr/include/bash" "${DESTDIR:-}/usr/lib/pkgconfig/bash.pc"',
  }),
});
