import { autotools, defineRecipe } from '@xlfs/core';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';

export const tar = defineRecipe({
  ...facts.tar,
  name: 'tar',
  summary: 'Archives of files',
  reference: 'LFS 12.3, 8.71 Tar-1.35',
  needs: { build: ['acl', 'attr'], run: ['acl', 'glibc'] },
  weight: 0.7,
  env: { FORCE_UNSAFE_CONFIGURE: '1' },
  phases: autotools({ prepare: WITHOUT_MANUAL.tar }),
  tests: {
    run: 'make check',
    results: String.raw`sed -E 's/^([0-9]+\. [^ ]+: )?[0-9]+\. (.*) \([^ ]+\): (ok|FAILED) .*/\3: \2/; s/^ok: /PASS: /; s/^FAILED: /FAIL: /' tests/testsuite.log`,
    least: 200,
    known: {
      'capabilities: binary store/restore': 'asks for SELinux',
      'xattrs: trusted.* attributes': 'sets trusted attributes, which only the root of the whole machine may',
    },
  },
});
