import { defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

const folder = '/usr/lib/perl5/$series';

export const temporaryPerl = defineRecipe({
  ...facts.perl,
  name: 'temporary-perl',
  summary: 'Perl, which many packages are configured or built with',
  reference: 'LFS 12.3, 7.9 Perl',
  needs: { build: ['temporary-tools'], run: ['cross-glibc'] },
  weight: 1.2,
  phases: [
    {
      name: 'configure',
      // Who, where and when is nobody's business; it would be in perl -V.
      run: `\
series=\${VERSION%.*}
sh Configure -des -D prefix=/usr -D vendorprefix=/usr -D useshrplib -D optimize="$CFLAGS" \\
  -D privlib=${folder}/core_perl -D archlib=${folder}/core_perl \\
  -D sitelib=${folder}/site_perl -D sitearch=${folder}/site_perl \\
  -D vendorlib=${folder}/vendor_perl -D vendorarch=${folder}/vendor_perl \\
  -D man1dir=none -D man3dir=none \\
  -D myhostname=localhost -D mydomain=.localdomain -D perladmin=root@localhost -D cf_email=root@localhost -D cf_by=root \\
  -D myuname=linux -D osvers=0 -A "define:cf_time=$(date -u -d "@$SOURCE_DATE_EPOCH")"`,
    },
    { name: 'build', run: 'make' },
    { name: 'install', run: 'make install.perl STRIPFLAGS=-s\nfind /usr/lib/perl5 -name "*.pod" -delete' },
  ],
});
