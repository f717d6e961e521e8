import { autotools, defineRecipe } from '@xlfs/core';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';
import { knownFailures } from '../test-suite.ts';

export const tar = defineRecipe({
  ...facts.tar,
  name: 'tar',
  summary: 'Archives of files',
  reference: 'LFS 12.3, 8.71 Tar-1.35',
  needs: { build: ['acl', 'attr'], run: ['acl', 'glibc'] },
  weight: 0.7,
  env: { FORCE_UNSAFE_CONFIGURE: '1' },
  phases: autotools({ prepare: WITHOUT_MANUAL.tar }),
  tests: knownFailures({
    run: 'make check',
    failed: String.raw`sed -nE 's/^[0-9]+\. [^ ]+: [0-9]+\. (.*) \([^ ]+\): FAILED .*/\1/p' tests/testsuite.log`,
    known: {
      'capabilities: binary store/restore': 'asks for SELinux',
      'xattrs: trusted.* attributes': 'sets trusted attributes, which only the root of the whole machine may',
    },
  }),
});
