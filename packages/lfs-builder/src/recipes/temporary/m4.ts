import { crossCompiled } from '../cross-build.ts';

export const temporaryM4 = crossCompiled({
  package: 'm4',
  summary: 'Macro processor that bison is written for',
  section: '6.2 M4',
  weight: 0.23,
});
