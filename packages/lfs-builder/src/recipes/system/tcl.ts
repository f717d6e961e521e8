import { defineRecipe } from '@xlfs/core';

export const tcl = defineRecipe({
  name: 'tcl',
  version: '8.6.16',
  summary: 'The language that the test suites of the toolchain are written in',
  license: 'TCL',
  homepage: 'https://www.tcl-lang.org/',
  reference: 'LFS 12.3, 8.16 Tcl-8.6.16',
  sources: [
    {
      name: 'tcl',
      version: '8.6.16',
      url: 'https://downloads.sourceforge.net/tcl/tcl{version}-src.tar.gz',
      debian: { package: 'tcl8.6', version: '8.6.16+dfsg' },
    },
  ],
  needs: { build: ['zlib'], run: ['glibc', 'zlib'] },
  weight: 0.8,
  phases: [
    { name: 'configure', run: 'cd unix && ./configure --prefix=/usr --mandir=/usr/share/man --disable-rpath' },
    {
      name: 'build',
      // The configuration that others read names the places of the installation, not those of the build.
      run: `\
source=$PWD
cd unix
make
sed -i -e "s|$source/unix|/usr/lib|" -e "s|$source|/usr/include|" tclConfig.sh
for config in pkgs/*/tdbcConfig.sh pkgs/*/itclConfig.sh; do
  if [ -e "$config" ]; then
    name=$(basename "$(dirname "$config")")
    sed -i -e "s|$source/unix/pkgs/$name|/usr/lib/$name|" -e "s|$source/pkgs/$name/generic|/usr/include|" \\
      -e "s|$source/pkgs/$name/library|/usr/lib/tcl8.6|" -e "s|$source/pkgs/$name|/usr/include|" "$config"
  fi
done`,
    },
    {
      name: 'install',
      // Perl has a manual page called Thread, too.
      run: `\
cd unix
make install
make install-private-headers
chmod u+w /usr/lib/libtcl8.6.so
ln -sf tclsh8.6 /usr/bin/tclsh
mv /usr/share/man/man3/Thread.3 /usr/share/man/man3/Tcl_Thread.3`,
    },
  ],
  tests: { run: 'cd unix && make test' },
});
