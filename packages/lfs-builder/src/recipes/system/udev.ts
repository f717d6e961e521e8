import { defineRecipe } from '@xlfs/core';

const libraries = ['acl', 'kmod', 'libcap', 'util-linux'];

export const udev = defineRecipe({
  name: 'udev',
  version: '257.13',
  summary: 'Device nodes and their names: the part of systemd that needs none of the rest',
  license: 'LGPL-2.1-or-later AND GPL-2.0-only',
  homepage: 'https://www.freedesktop.org/wiki/Software/systemd/',
  reference: 'LFS 12.3, 8.76 Udev from Systemd-257.3',
  sources: [
    {
      name: 'systemd',
      version: '257.13',
      url: 'https://github.com/systemd/systemd/archive/v{version}/systemd-{version}.tar.gz',
      debian: { package: 'systemd' },
    },
  ],
  needs: {
    build: ['libxcrypt', ...libraries],
    run: ['glibc', ...libraries],
    tools: ['gperf', 'jinja2', 'meson', 'ninja', 'pkgconf'],
  },
  weight: 1.2,
  phases: [
    {
      name: 'configure',
      run: `\
# Groups that are not there, a program that is not there, and folders by their name here.
sed -i -e 's/GROUP="render"/GROUP="video"/' -e 's/GROUP="sgx", //' rules.d/50-udev-default.rules.in
sed -i '/systemd-sysctl/s/^/#/' rules.d/99-systemd.rules.in
sed -i '/NETWORK_DIRS/s/systemd/udev/' src/libsystemd/sd-network/network-util.h
meson setup build --prefix=/usr --buildtype=release -D mode=release -D dev-kvm-mode=0660 -D link-udev-shared=false \\
  -D logind=false -D vconsole=false -D man=disabled -D html=disabled -D auto_features=disabled \\
  -D acl=enabled -D blkid=enabled -D kmod=enabled`,
    },
    {
      name: 'build',
      run: `\
cd build
sed -n "s/^ *'name' : '\\\\(.*\\\\)',$/\\\\1/p" ../src/udev/meson.build | grep -vx udevadm > helpers
targets=$(ninja -n | grep -Eo '(src/(lib)?udev|rules.d|hwdb.d)/[^ ]*')
ninja -j "$JOBS" udevadm systemd-hwdb $targets "$(realpath libudev.so --relative-to .)" $(cat helpers)`,
    },
    {
      name: 'install',
      run: `\
cd build
for folder in hwdb.d rules.d network; do install -d "/usr/lib/udev/$folder" "/etc/udev/$folder"; done
install -d /usr/lib/pkgconfig /usr/share/pkgconfig
install -m 755 udevadm /usr/bin/
install -m 755 systemd-hwdb /usr/bin/udev-hwdb
ln -sfn ../bin/udevadm /usr/sbin/udevd
cp -a libudev.so libudev.so.* /usr/lib/
install -m 644 ../src/libudev/libudev.h /usr/include/
install -m 644 src/libudev/*.pc /usr/lib/pkgconfig/
install -m 644 src/udev/*.pc /usr/share/pkgconfig/
install -m 644 ../src/udev/udev.conf /etc/udev/
install -m 644 rules.d/* $(find ../rules.d -name '*.rules' ! -name '*power-switch*') ../rules.d/README /usr/lib/udev/rules.d/
install -m 644 hwdb.d/* ../hwdb.d/*.hwdb ../hwdb.d/README /usr/lib/udev/hwdb.d/
install -m 755 $(cat helpers) /usr/lib/udev/
install -m 644 ../network/99-default.link /usr/lib/udev/network/
udev-hwdb update`,
    },
  ],
});
