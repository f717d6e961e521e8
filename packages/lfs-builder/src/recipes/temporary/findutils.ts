import { crossCompiled } from '../cross-build.ts';

export const temporaryFindutils = crossCompiled({
  package: 'findutils',
  summary: 'Finding files, and xargs',
  section: '6.8 Findutils',
  weight: 0.31,
  configure: ['--disable-nls', '--localstatedir=/var/lib/locate'],
});
