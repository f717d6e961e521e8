import { crossCompiled } from '../cross-build.ts';
import { WITHOUT_MANUAL } from '../package-facts.ts';

export const temporaryGawk = crossCompiled({
  package: 'gawk',
  summary: 'Awk, for configure scripts',
  section: '6.9 Gawk',
  weight: 0.22,
  prepare: `sed -i 's/extras//' Makefile.in\n${WITHOUT_MANUAL.gawk}`,
  configure: ['--disable-nls', '--disable-mpfr'],
});
