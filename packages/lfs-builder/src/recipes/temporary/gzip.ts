import { crossCompiled } from '../cross-build.ts';

export const temporaryGzip = crossCompiled({
  package: 'gzip',
  summary: 'Compression of the usual kind',
  section: '6.11 Gzip',
  weight: 0.12,
});
