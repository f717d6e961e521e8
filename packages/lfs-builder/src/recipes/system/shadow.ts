import { autotools, defineRecipe } from '@xlfs/core';

export const shadow = defineRecipe({
  name: 'shadow',
  version: '4.17.4',
  summary: 'Accounts, passwords and logging in',
  license: 'BSD-3-Clause',
  homepage: 'https://github.com/shadow-maint/shadow/',
  reference: 'LFS 12.3, 8.28 Shadow-4.17.3',
  sources: [
    {
      name: 'shadow',
      version: '4.17.4',
      url: 'https://github.com/shadow-maint/shadow/releases/download/{version}/shadow-{version}.tar.xz',
      debian: { package: 'shadow' },
    },
  ],
  needs: { build: ['acl', 'attr', 'libxcrypt'], run: ['acl', 'attr', 'glibc', 'libxcrypt'] },
  weight: 0.3,
  phases: autotools({
    prepare: `\
# man-pages has these, in English.
sed -i -e 's/man3\\/getspnam\\.3 / /' -e 's/man5\\/passwd\\.5 / /' man/Makefile.in
sed -i -e 's:#ENCRYPT_METHOD DES:ENCRYPT_METHOD YESCRYPT:' -e 's:/var/spool/mail:/var/mail:' \\
  -e '/PATH=/{s@/sbin:@@;s@/bin:@@}' etc/login.defs
# The folder of passwd is asked for where it is now.
touch /usr/bin/passwd`,
    configure: [
      '--sysconfdir=/etc',
      '--disable-static',
      '--with-bcrypt',
      '--with-yescrypt',
      '--without-libbsd',
      '--with-group-name-max-length=32',
    ],
    install: ['exec_prefix=/usr', 'install'],
    finish: `\
make -C man install-man
rm -f /usr/lib/libsubid.la
mkdir -p /etc/default
useradd -D --gid 999`,
  }),
});
