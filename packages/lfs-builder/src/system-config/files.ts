import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootLinks } from './boot-links.ts';

/** What the configuration of a system consists of; paths are relative to its root. */
export interface SystemConfiguration {
  readonly files: readonly { readonly path: string; readonly text: string; readonly executable: boolean }[];
  /** Symlinks, path to target. */
  readonly links: Readonly<Record<string, string>>;
}

// The compiled package lies one folder below the package's root, the sources two.
const FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../system-config' : '../system-config', import.meta.url),
);

/** The files of `system-config/` in this package, in a fixed order, and the links that put them to use. */
export function systemConfiguration(): SystemConfiguration {
  const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath, found.name))
    .map((full) => ({
      path: full.slice(FOLDER.length + 1),
      text: readFileSync(full, 'utf8'),
      executable: (statSync(full).mode & 0o100) !== 0,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, links: { ...bootLinks(), ...otherLinks } };
}

const otherLinks = {
  'etc/init.d': 'rc.d/init.d',
  // Where the LSB has its functions.
  'usr/lib/lsb': 'services',
  'usr/sbin/ifdown': 'ifup',
  'usr/lib/services/dhcpcd': 'dhcp',
  'usr/lib/services/dhclient': 'dhcp',
  'usr/lib/services/udhcpc': 'dhcp',
  // Interfaces keep the kernel's names: eth0 is what the files in /etc/sysconfig say, on a machine and in a guest.
  'etc/udev/rules.d/80-net-setup-link.rules': '/dev/null',
} as const;
