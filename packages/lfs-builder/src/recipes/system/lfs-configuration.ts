import { defineRecipe } from '@xlfs/core';
import { systemConfiguration } from '../../system-config/files.ts';

const { files, links } = systemConfiguration();

/** Names of files in a recipe have no slash. */
const flat = (path: string): string => path.replaceAll('/', '+');

const executables = files.filter(({ executable }) => executable).map(({ path }) => path);

/** What the scripts call; what they only use where it is there (syslogd, a DHCP client) is not among them. */
const programs = [
  ...['bash', 'coreutils', 'e2fsprogs', 'findutils', 'gawk', 'inetutils', 'iproute2', 'kbd', 'kmod', 'procps-ng', 'sysvinit'],
  ...['udev', 'util-linux'],
];

export const lfsConfiguration = defineRecipe({
  name: 'lfs-configuration',
  version: '12.3',
  summary: 'Boot scripts, network services, and what /etc says of a system that is nobody’s yet',
  license: 'MIT',
  homepage: 'https://github.com/xlfs/xlfs',
  reference: 'LFS 12.3, chapter 9 System Configuration, 10.2 /etc/fstab, 11.1 The End',
  needs: { run: ['filesystem', ...programs] },
  weight: 0.01,
  files: {
    ...Object.fromEntries(files.map(({ path, text }) => [flat(path), text])),
    links: Object.entries(links)
      .map(([path, target]) => `${path} ${target}\n`)
      .join(''),
    executables: executables.map((path) => `${path}\n`).join(''),
  },
  phases: [
    {
      name: 'files',
      run: `\
cd "\${DESTDIR:-}/"
# init looks there, too, and complains when it cannot.
mkdir -p etc/inittab.d
for file in "$FILES"/*+*; do
  path=$(printf '%s' "\${file##*/}" | tr + /)
  mkdir -p "\${path%/*}"
  install -m 0644 "$file" "$path"
done
while read -r path; do chmod 0755 "$path"; done < "$FILES/executables"`,
    },
    {
      name: 'links',
      run: `\
cd "\${DESTDIR:-}/"
while read -r path target; do
  mkdir -p "\${path%/*}"
  ln -sfn "$target" "$path"
done < "$FILES/links"`,
    },
  ],
});
