import { crossCompiled } from '../cross-build.ts';

export const temporaryDiffutils = crossCompiled({
  package: 'diffutils',
  summary: 'Comparison of files, for configure scripts',
  section: '6.6 Diffutils',
  weight: 0.23,
  // A test of it would have to run.
  configure: ['--disable-nls', 'gl_cv_func_strcasecmp_works=y'],
});
