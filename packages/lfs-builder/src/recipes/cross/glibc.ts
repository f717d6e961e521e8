import { autotools, defineRecipe } from '@xlfs/core';
import { CROSS_COMPILED, DROP_DOCUMENTATION } from '../cross-build.ts';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';

export const crossGlibc = defineRecipe({
  ...facts.glibc,
  name: 'cross-glibc',
  summary: 'C library of the temporary tools',
  reference: 'LFS 12.3, 5.5 Glibc',
  needs: { build: ['cross-gcc', 'linux-headers'], run: ['filesystem', 'linux-headers'] },
  weight: 4.4,
  root: 'cross',
  phases: autotools({
    prepare: `${WITHOUT_MANUAL.glibc}\nmkdir build\necho rootsbindir=/usr/sbin > build/configparms`,
    outOfTree: true,
    configure: [
      ...CROSS_COMPILED,
      '--enable-kernel=5.4',
      '--with-headers="$LFS/usr/include"',
      '--without-selinux',
      '--disable-nscd',
      'libc_cv_slibdir=/usr/lib',
    ],
    make: ['MAKEINFO=:'],
    install: ['MAKEINFO=:', 'DESTDIR="$LFS"', 'install'],
    finish: `\
sed -i '/RTLDLIST=/s@/usr@@g' "$LFS/usr/bin/ldd"
# A program finds the start files, the library and the loader's path that the final system has, too.
echo 'int main(void) { return 0; }' | "$LFS_TGT-gcc" -xc - -o program
"$LFS_TGT-readelf" -l program | grep -F '[Requesting program interpreter: /lib64/ld-linux-x86-64.so.2]'
# Locales: the one that the tools need, C.UTF-8, is inside the library.
rm -rf "$LFS/usr/share/i18n"
find "$LFS/usr/share/locale" -mindepth 1 -delete
${DROP_DOCUMENTATION}`,
  }),
});
