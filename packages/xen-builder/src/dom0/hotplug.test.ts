/** Dom0's hotplug scripts, run by a shell of this machine with xenstore's programs made up. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPTS = new URL('../../images/dom0/etc/xen/scripts/', import.meta.url);

/** `xenstore-ls -w backend/vbd` while three guests are there; the disk 6/51712 is being added. */
const LISTING = `\
5 = ""
 51712 = ""
  frontend = "/local/domain/5/device/vbd/51712"
  params = "/dev/a"
  mode = "r"
  physical-device = "fe:10"
 51713 = ""
  params = "/dev/b"
  physical-device = "fe:20"
  mode = "w"
6 = ""
 51712 = ""
  params = "/dev/disk/by-id/a \\"b\\" c"
  online = "1"
  mode = "w"
  physical-device = "fe:30"
 51728 = ""
  params = "/dev/c"
  mode = "r"
60 = ""
 51712 = ""
  params = "/dev/d"
  physical-device = "fe:1"
  mode = "w"
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xlfs-hotplug-'));
  writeFileSync(join(folder, 'listing'), LISTING);
  writeFileSync(join(folder, 'xenstore-ls'), `#!/bin/sh\necho listed >> ${folder}/calls\ncat ${folder}/listing\n`, {
    mode: 0o755,
  });
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What commands print after the functions of `block`, for the disk of a domain. */
function inBlock(commands: string, disk = '6/51712'): string {
  const shared = readFileSync(new URL('hotplug.sh', SCRIPTS), 'utf8');
  const [functions = ''] = readFileSync(new URL('block', SCRIPTS), 'utf8')
    .replace('. /etc/xen/scripts/hotplug.sh', () => shared)
    .split('\ncase $1 in');
  const env = { PATH: `${folder}:/usr/bin:/bin`, XENBUS_PATH: `backend/vbd/${disk}` };
  return execFileSync('/bin/sh', ['-euc', `${functions}\n${commands}`], { encoding: 'utf8', env });
}

test('a disk finds its own keys, and xenstore is asked once', () => {
  expect(inBlock('read_disks; key mode; echo "$value"; key params; echo "$value"; key frontend; echo "<$value>"')).toBe(
    'w\n/dev/disk/by-id/a \\\n<>\n',
  );
  expect(inBlock('read_disks; key params; echo "$value"; key physical-device; echo "<$value>"', '6/51728')).toBe('/dev/c\n<>\n');
  expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe('listed\n'.repeat(2));
});

test('a device is in use when somebody else writes it, or somebody has it and this one would write', () => {
  const inUse = (numbers: string, mode: string, disk?: string): boolean =>
    inBlock(`read_disks; device_in_use ${numbers} ${mode} && echo yes || echo no`, disk) === 'yes\n';
  expect(inUse('fe:10', 'r')).toBe(false);
  expect(inUse('fe:10', 'w')).toBe(true);
  expect(inUse('fe:20', 'r')).toBe(true);
  expect(inUse('fe:1', 'r')).toBe(true);
  // Its own, and nobody's; no number is taken for the end or the beginning of another.
  for (const free of ['fe:30', 'fe:3', 'e:10', 'fe:100']) expect(inUse(free, 'w'), free).toBe(false);
  expect(inUse('fe:30', 'r', '5/51712')).toBe(true);
});

test('no disk of anybody: nothing is found, nothing is in use', () => {
  writeFileSync(join(folder, 'listing'), '');
  expect(inBlock('read_disks; key params; echo "<$value>"; device_in_use fe:10 w || echo free')).toBe('<>\nfree\n');
});
