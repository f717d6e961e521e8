import { crossCompiled } from '../cross-build.ts';

export const temporarySed = crossCompiled({
  package: 'sed',
  summary: 'Stream editor',
  section: '6.14 Sed',
  weight: 0.16,
  configure: ['--disable-nls', '--disable-acl'],
});
