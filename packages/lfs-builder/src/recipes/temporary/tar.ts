import { crossCompiled } from '../cross-build.ts';
import { WITHOUT_MANUAL } from '../package-facts.ts';

export const temporaryTar = crossCompiled({
  package: 'tar',
  summary: 'Archives, which some packages install by',
  section: '6.15 Tar',
  weight: 0.28,
  prepare: WITHOUT_MANUAL.tar,
  configure: ['--disable-nls', '--without-selinux'],
});
