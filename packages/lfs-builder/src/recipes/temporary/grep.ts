import { crossCompiled } from '../cross-build.ts';

export const temporaryGrep = crossCompiled({
  package: 'grep',
  summary: 'Search in files',
  section: '6.10 Grep',
  weight: 0.18,
  configure: ['--disable-nls', '--disable-perl-regexp'],
});
