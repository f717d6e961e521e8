import { defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

const root = '/usr/lib/perl5/5.40';
/** Perl writes down where and when it was configured; here it is nobody's machine on the day of the release. */
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
  'cf_by=root',
  'cf_email=root@localhost',
  'perladmin=root@localhost',
  'mydomain=.localdomain',
  'osvers=6.12',
  'myuname=linux',
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
  weight: 3,
  // Its modules for compression use the libraries that are there.
  env: { BUILD_ZLIB: 'False', BUILD_BZIP2: '0' },
  phases: [
    { name: 'configure', run: `sh Configure -des ${settings.map((setting) => `-D ${setting}`).join(' ')}` },
    { name: 'build', run: 'make' },
    { name: 'install', run: 'make install' },
  ],
  tests: { run: 'TEST_JOBS=$JOBS make test_harness' },
});
