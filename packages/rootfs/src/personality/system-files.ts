import { file, symlink, type Entry } from '../tree/entry.ts';
import type { TreeView } from '../tree/view.ts';
import type { Personality } from './schema.ts';

/** Mounts that every LFS system has (book, chapter 10, "Creating the /etc/fstab File"). */
const VIRTUAL = [
  'proc /proc proc nosuid,noexec,nodev 0 0',
  'sysfs /sys sysfs nosuid,noexec,nodev 0 0',
  'devpts /dev/pts devpts gid=5,mode=620 0 0',
  'tmpfs /run tmpfs defaults 0 0',
  'devtmpfs /dev devtmpfs mode=0755,nosuid 0 0',
  'tmpfs /dev/shm tmpfs nosuid,nodev 0 0',
];

/** /etc/fstab, /etc/inittab, /etc/securetty, the time zone: what the hint has edited by hand in step 5. */
export function systemFiles(personality: Personality, base: TreeView): Entry[] {
  const files: Entry[] = [];
  if (personality.root !== false) files.push(file('etc/fstab', fstab(personality, personality.root, base.readText('etc/fstab'))));
  if (personality.console !== false) {
    files.push(file('etc/inittab', inittab(personality.console, base.readText('etc/inittab'))));
    const terminals = base.readText('etc/securetty');
    if (terminals !== undefined && !terminals.split('\n').includes(personality.console)) {
      files.push(file('etc/securetty', `${withNewline(terminals)}${personality.console}\n`, { mode: 0o600 }));
    }
  }
  if (personality.timezone !== undefined) files.push(symlink('etc/localtime', `../usr/share/zoneinfo/${personality.timezone}`));
  return files;
}

/** The host's own devices go, what is no device stays, the root and the given mounts come first. */
function fstab(personality: Personality, root: Exclude<Personality['root'], false>, existing: string | undefined): string {
  const kept = (existing === undefined ? VIRTUAL : existing.split('\n')).filter((line) => {
    const [device = '', path = ''] = line.trim().split(/\s+/);
    if (device === '' || device.startsWith('#')) return false;
    const real = /^(?:\/dev\/|UUID=|LABEL=|PARTUUID=|PARTLABEL=)/.test(device);
    return (
      !real && path !== '/' && !personality.mounts.some((mount) => mount.path === path && path !== 'none' && path !== 'swap')
    );
  });
  const mounts = personality.mounts.map(({ device, path, type, options, dump, pass }) =>
    [device, path, type, options, dump, pass].join(' '),
  );
  return [[root.device, '/', root.type, root.options, 1, 1].join(' '), ...mounts, ...kept, ''].join('\n');
}

/** The first terminal line moves to the guest's console, the others are commented out: a guest has no virtual terminals. */
function inittab(console: string, existing: string | undefined): string {
  if (existing === undefined) return defaultInittab(console);
  let moved = existing.split('\n').some((line) => isTerminal(line) && new RegExp(`\\b${console}\\b`).test(line));
  const lines = existing.split('\n').map((line) => {
    if (!isTerminal(line) || new RegExp(`\\b${console}\\b`).test(line)) return line;
    if (moved || !/\btty[0-9]+\b/.test(line)) return `#${line}`;
    moved = true;
    return line.replace(/\btty[0-9]+\b/g, console);
  });
  const whole = withNewline(lines.join('\n').replace(/\n+$/, ''));
  return moved ? whole : `${whole}${terminalLine(console)}\n`;
}

function isTerminal(line: string): boolean {
  return !line.trimStart().startsWith('#') && /^[^:]*:[^:]*:(?:respawn|askfirst):[^:]*\ba?getty\b/.test(line);
}

function terminalLine(console: string): string {
  return `1:2345:respawn:/sbin/agetty --noclear ${console} 9600`;
}

/** SysV init as the LFS book sets it up (chapter 9, "Configuring Sysvinit"), on the guest's console. */
function defaultInittab(console: string): string {
  return [
    'id:3:initdefault:',
    'si::sysinit:/etc/rc.d/init.d/rc S',
    ...[0, 1, 2, 3, 4, 5, 6].map((level) => `l${String(level)}:${String(level)}:wait:/etc/rc.d/init.d/rc ${String(level)}`),
    'ca:12345:ctrlaltdel:/sbin/shutdown -t1 -a -r now',
    'su:S06:once:/sbin/sulogin',
    's1:1:respawn:/sbin/sulogin',
    terminalLine(console),
    '',
  ].join('\n');
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
