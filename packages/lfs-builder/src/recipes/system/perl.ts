import { defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';
import { temporaryPerl } from '../temporary/perl.ts';

const root = '/usr/lib/perl5/5.40';

const settings = [
  'prefix=/usr',
  'vendorprefix=/usr',
  ...['privlib', 'archlib'].map((folder) => `${folder}=${root}/core_perl`),
  ...['sitelib', 'sitearch'].map((folder) => `${folder}=${root}/site_perl`),
  ...['vendorlib', 'vendorarch'].map((folder) => `${folder}=${root}/vendor_perl`),
  'man1dir=/usr/share/man/man1',
  'man3dir=/usr/share/man/man3',
  'pager="/usr/bin/less -isR"',
  'useshrplib',
  'usethreads',
];

export const perl = defineRecipe({
  ...facts.perl,
  name: 'perl',
  summary: 'Language of text, and of many build systems',
  reference: 'LFS 12.3, 8.43 Perl-5.40.1',
  needs: {
    build: ['bzip2', 'gdbm', 'libxcrypt', 'zlib'],
    run: ['bzip2', 'gdbm', 'glibc', 'libxcrypt', 'zlib'],
    test: ['iana-etc', 'less'],
  },
  weight: 1.3,
  // Nothing about whom, where and when.
  files: temporaryPerl.files,
  // Its modules for compression use the libraries that are there.
  env: { BUILD_ZLIB: 'False', BUILD_BZIP2: '0' },
  phases: [
    {
      name: 'configure',
      run: `cp "$FILES/config.over" .\nsh Configure -des ${settings.map((setting) => `-D ${setting}`).join(' ')}`,
    },
    { name: 'build', run: 'make' },
    {
      name: 'install',
      run: [
        '# Its installer leaves out what is there already with the same content: half of its modules, from the temporary system.',
        'make DESTDIR="$PWD/image" install',
        'cp -a image/. /',
      ].join('\n'),
    },
  ],
  // Some tests look at all that is in the folder of the sources.
  tests: { run: 'rm -rf image\nTEST_JOBS=$JOBS make test_harness' },
});
