import { crossCompiled } from '../cross-build.ts';

export const temporaryDiffutils = crossCompiled({
  package: 'diffutils',
  summary: 'Comparison of files, for configure scripts',
  section: '6.6 Diffutils',
  weight: 0.3,
  configure: ['--disable-nls'],
});
