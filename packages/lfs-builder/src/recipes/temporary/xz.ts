import { crossCompiled } from '../cross-build.ts';

export const temporaryXz = crossCompiled({
  package: 'xz',
  summary: 'Compression for small archives',
  section: '6.16 Xz',
  weight: 0.19,
  configure: ['--disable-nls', '--disable-static', '--disable-doc'],
});
