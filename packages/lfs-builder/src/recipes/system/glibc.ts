import { autotools, defineRecipe } from '@xlfs/core';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';

/** The locales that the test suites of other packages ask for: name, definition, character set. */
const locales = `\
C.UTF-8 C UTF-8
cs_CZ.UTF-8 cs_CZ UTF-8
de_DE de_DE ISO-8859-1
de_DE@euro de_DE@euro ISO-8859-15
de_DE.UTF-8 de_DE UTF-8
el_GR el_GR ISO-8859-7
en_GB en_GB ISO-8859-1
en_GB.UTF-8 en_GB UTF-8
en_HK en_HK ISO-8859-1
en_PH en_PH ISO-8859-1
en_US en_US ISO-8859-1
en_US.UTF-8 en_US UTF-8
es_ES@euro es_ES@euro ISO-8859-15
es_MX es_MX ISO-8859-1
fa_IR fa_IR UTF-8
fr_FR fr_FR ISO-8859-1
fr_FR@euro fr_FR@euro ISO-8859-15
fr_FR.UTF-8 fr_FR UTF-8
is_IS is_IS ISO-8859-1
is_IS.UTF-8 is_IS UTF-8
it_IT it_IT ISO-8859-1
it_IT@euro it_IT@euro ISO-8859-15
it_IT.UTF-8 it_IT UTF-8
ja_JP ja_JP EUC-JP
ja_JP.SJIS ja_JP SHIFT_JIS
ja_JP.UTF-8 ja_JP UTF-8
nl_NL@euro nl_NL@euro ISO-8859-15
ru_RU.KOI8-R ru_RU KOI8-R
ru_RU.UTF-8 ru_RU UTF-8
se_NO.UTF-8 se_NO UTF-8
ta_IN.UTF-8 ta_IN UTF-8
tr_TR.UTF-8 tr_TR UTF-8
zh_CN.GB18030 zh_CN GB18030
zh_HK.BIG5-HKSCS zh_HK BIG5-HKSCS
zh_TW.UTF-8 zh_TW UTF-8
`;

/** Its tests end after 20 seconds, or some minutes: too few for a machine that is slow, or busy with other steps. */
const TIMEOUT_FACTOR = '8';

const nsswitch = `\
passwd: files
group: files
shadow: files

hosts: files dns
networks: files

protocols: files
services: files
ethers: files
rpc: files
`;

const ldSoConf = `\
/usr/local/lib
/opt/lib
include /etc/ld.so.conf.d/*.conf
`;

export const glibc = defineRecipe({
  ...facts.glibc,
  name: 'glibc',
  summary: 'The C library',
  reference: 'LFS 12.3, 8.5 Glibc-2.41',
  // Whatever is compiled against its headers includes the kernel's.
  // A gawk that knows long numbers judges what printf makes of them.
  needs: { build: ['linux-headers'], run: ['filesystem', 'linux-headers'], test: ['gawk'] },
  weight: 5,
  files: { locales, 'nsswitch.conf': nsswitch, 'ld.so.conf': ldSoConf },
  phases: autotools({
    prepare: `\
${WITHOUT_MANUAL.glibc}
# Where the FHS has programs keep their data.
sed -i 's,(localstatedir)/db,(localstatedir)/lib/nss_db,' Makeconfig
sed -i 's,"/var/db/","/var/lib/nss_db/",' sysdeps/generic/paths.h sysdeps/unix/sysv/linux/paths.h
sed -i 's,/var/db,/var/lib/nss_db,' nss/db-Makefile
# It asks for libraries that are no more.
sed -i '/test-installation/s@$(PERL)@echo not running@' Makefile
mkdir build
echo rootsbindir=/usr/sbin > build/configparms`,
    outOfTree: true,
    configure: [
      '--disable-werror',
      '--enable-kernel=5.4',
      '--enable-stack-protector=strong',
      '--disable-nscd',
      '--without-selinux',
      'libc_cv_slibdir=/usr/lib',
    ],
    finish: `\
sed -i '/RTLDLIST=/s@/usr@@g' /usr/bin/ldd
# Left alone where the same is there already, in the cross-compiled library: it has to be of this package, too.
cp -a /usr/include/gnu/stubs-64.h stubs
mv stubs /usr/include/gnu/stubs-64.h
install -m 644 "$FILES/nsswitch.conf" "$FILES/ld.so.conf" /etc/
mkdir -p /etc/ld.so.conf.d /usr/lib/locale
while read -r name definition charset; do
  # Shift_JIS is no superset of ASCII, which is complained about.
  localedef -i "$definition" -f "$charset" "$name" 2> complaints || { cat complaints >&2; test "$charset" = SHIFT_JIS; }
done < "$FILES/locales"`,
  }),
  // Where it is by itself, and not where the FHS wants it.
  leaves: ['var/db/Makefile'],
  tests: {
    critical: true,
    weight: 22,
    // Two of them compare the sources with the manual.
    run: `\
if [ ! -d manual ]; then
  sed -i '/^tests-special += .*tst-errno-manual.out/d' stdio-common/Makefile
  sed -i '/^  .*tst-rtld-list-diagnostics.out/d' elf/Makefile
fi
cd build && TIMEOUTFACTOR=${TIMEOUT_FACTOR} make check`,
    results: 'cat build/tests.sum',
    least: 5600,
    known: {
      'stdlib/tst-system': "no limit on the number of processes binds the machine's root",
      'support/tst-support_descriptors': 'in the sandbox /dev/null is on another file system than /dev',
    },
  },
});
