import { defineRecipe } from '@xlfs/core';

const configure = './config --prefix=/usr --openssldir=/etc/ssl --libdir=lib shared zlib-dynamic';

export const openssl = defineRecipe({
  name: 'openssl',
  version: '3.5.7',
  summary: 'Cryptography and TLS',
  license: 'Apache-2.0',
  homepage: 'https://www.openssl-library.org/',
  reference: 'LFS 12.3, 8.48 OpenSSL-3.4.1',
  sources: [
    {
      name: 'openssl',
      version: '3.5.7',
      url: 'https://github.com/openssl/openssl/releases/download/openssl-{version}/openssl-{version}.tar.gz',
      debian: { package: 'openssl' },
    },
  ],
  // zlib is opened when it is asked for.
  needs: { build: ['perl', 'zlib'], run: ['glibc', 'perl', 'zlib'] },
  weight: 4,
  phases: [
    // Tests are most of what would be compiled; they have a configuration of their own below.
    { name: 'configure', run: `${configure} no-tests` },
    { name: 'build', run: 'make build_sw build_man_docs' },
    {
      name: 'install',
      // The same pages once more as HTML stay behind.
      run: `\
sed -i '/INSTALL_LIBS/s/libcrypto.a libssl.a//' Makefile
make MANSUFFIX=ssl install_sw install_ssldirs install_man_docs`,
    },
  ],
  tests: {
    run: `${configure} && make && HARNESS_JOBS=$JOBS make test TESTS=-test_afalg`,
    known: { test_afalg: 'left out: asks the kernel for AES through a socket, which few kernels have' },
  },
});
