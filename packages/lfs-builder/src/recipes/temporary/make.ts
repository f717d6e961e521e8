import { crossCompiled } from '../cross-build.ts';
import { WITHOUT_MANUAL } from '../package-facts.ts';

export const temporaryMake = crossCompiled({
  package: 'make',
  summary: 'Make, which shares the jobserver',
  section: '6.12 Make',
  weight: 0.099,
  prepare: WITHOUT_MANUAL.make,
  configure: ['--disable-nls', '--without-guile'],
});
