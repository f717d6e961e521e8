import { defineRecipe } from '@xlfs/core';

export const xmlParser = defineRecipe({
  name: 'xml-parser',
  version: '2.47',
  summary: "Perl's way to Expat",
  license: 'Artistic-1.0-Perl OR GPL-1.0-or-later',
  homepage: 'https://github.com/cpan-authors/XML-Parser',
  reference: 'LFS 12.3, 8.44 XML::Parser-2.47',
  sources: [
    {
      name: 'xml-parser',
      version: '2.47',
      url: 'https://cpan.metacpan.org/authors/id/T/TO/TODDR/XML-Parser-{version}.tar.gz',
      debian: { package: 'libxml-parser-perl' },
    },
  ],
  needs: { build: ['expat', 'perl'], run: ['expat', 'glibc', 'perl'] },
  weight: 0.05,
  // Neither a list of what was installed when, nor an entry in a file that all modules share.
  phases: [
    { name: 'configure', run: 'perl Makefile.PL NO_PACKLIST=1 NO_PERLLOCAL=1' },
    { name: 'build', run: 'make' },
    { name: 'install', run: 'make install' },
  ],
  tests: { run: 'make test' },
});
