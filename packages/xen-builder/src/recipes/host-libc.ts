import { defineRecipe, type Recipe } from '@xlfs/core';

/** Libraries of the C library that programs built by a distribution's compiler may need. Missing ones (old stubs) are left out. */
const libraries = ['ld-linux-x86-64.so.2', 'libc.so.6', 'libm.so.6', 'libresolv.so.2', 'libgcc_s.so.1'];

/**
 * In the `host` profile programs are linked against the distribution's C library, so images carry a copy of that one. As a layer of its
 * own it has a digest: an upgraded distribution changes the images, and nothing else does.
 */
export const hostLibc: Recipe = defineRecipe({
  name: 'host-libc',
  version: 'host',
  summary: "The distribution's C library, for images of programs that its compiler built",
  license: 'LGPL-2.1-or-later AND GPL-3.0-or-later WITH GCC-exception-3.1',
  homepage: 'https://www.gnu.org/software/libc/',
  reference: 'ld.so(8)',
  needs: ['filesystem'],
  weight: 0.001,
  root: 'host',
  phases: [
    {
      name: 'copy',
      run: `\
mkdir -p "$DESTDIR/usr/lib"
for name in ${libraries.join(' ')}; do
  path=$(gcc -print-file-name="$name")
  case $path in
    /*) cp -L "$path" "$DESTDIR/usr/lib/$name" ;;
    *) echo "$name: not on this system" ;;
  esac
done
chmod 755 "$DESTDIR"/usr/lib/ld-linux-x86-64.so.2 "$DESTDIR"/usr/lib/lib*.so.*`,
    },
  ],
});
