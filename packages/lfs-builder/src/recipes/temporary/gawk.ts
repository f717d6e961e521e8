import { crossCompiled } from '../cross-build.ts';

export const temporaryGawk = crossCompiled({
  package: 'gawk',
  summary: 'Awk, for configure scripts',
  section: '6.9 Gawk',
  weight: 0.3,
  prepare: "sed -i 's/extras//' Makefile.in",
  configure: ['--disable-nls', '--disable-mpfr'],
});
