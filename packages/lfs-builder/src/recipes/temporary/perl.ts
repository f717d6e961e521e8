import { defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

const folder = '/usr/lib/perl5/${VERSION%.*}';

export const temporaryPerl = defineRecipe({
  ...facts.perl,
  name: 'temporary-perl',
  summary: 'Perl, which many packages are configured or built with',
  reference: 'LFS 12.3, 7.9 Perl',
  needs: { build: ['temporary-tools'], run: ['cross-glibc'] },
  weight: 1.8,
  // What Configure finds out about whom, where and when goes into the result: this has the last word.
  files: { 'config.over': 'cf_by=root\ncf_email=root@localhost\ncf_time=\nmyuname=linux\nosvers=0\nmyhostname=localhost\n' },
  phases: [
    {
      name: 'configure',
      run: `\
cp "$FILES/config.over" .
sh Configure -des -D prefix=/usr -D vendorprefix=/usr -D useshrplib -D optimize="$CFLAGS" -D man1dir=none -D man3dir=none \\
  -D privlib="${folder}/core_perl" -D archlib="${folder}/core_perl" \\
  -D sitelib="${folder}/site_perl" -D sitearch="${folder}/site_perl" \\
  -D vendorlib="${folder}/vendor_perl" -D vendorarch="${folder}/vendor_perl"`,
    },
    { name: 'build', run: 'make' },
    { name: 'install', run: 'make install.perl STRIPFLAGS=-s\nfind /usr/lib/perl5 -name "*.pod" -delete' },
  ],
});
