import { crossCompiled } from '../cross-build.ts';

export const temporaryPatch = crossCompiled({
  package: 'patch',
  summary: 'Changes to sources',
  section: '6.13 Patch',
  weight: 0.14,
});
