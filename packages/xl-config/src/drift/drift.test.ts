import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toLibxlJson } from '../meaning/interpret.ts';
import { drift, isDrift } from './drift.ts';

const FILE =
  'name = "g"\ntype = "pvh"\nkernel = "/k"\nmemory = 256\nvcpus = 2\ndisk = ["vdev=xvda,target=/a", "vdev=xvdb,target=/b"]\nvif = ["bridge=br0"]\n';

test('a domain as xl made it has not drifted, whatever libxl filled in', () => {
  const config = structuredClone(toLibxlJson(FILE)) as unknown as {
    nics: Record<string, unknown>[];
    c_info: Record<string, unknown>;
  };
  config.nics[0] = { ...config.nics[0], mac: '00:16:3e:11:22:33', script: '/etc/xen/scripts/vif-bridge' };
  config.c_info['uuid'] = '11111111-2222-3333-4444-555555555555';
  const differences = drift(FILE, [{ domid: 3, config }]);
  expect(differences.filter(isDrift)).toEqual([]);
  expect(differences.map(({ path, kind }) => [path, kind])).toEqual([
    ['c_info.uuid', 'filled'],
    ['nics[0].mac', 'filled'],
    ['nics[0].script', 'filled'],
  ]);
});

/** What `xl list -l` of Xen 4.20.3 printed of a guest that had been created from {@link RUNNING_FILE}. */
const RUNNING = JSON.parse(readFileSync(new URL('running-pvh.json', import.meta.url), 'utf8')) as unknown;
const RUNNING_FILE = `\
name = "pvh1"
type = "pvh"
memory = 128
vcpus = 1
kernel = "/boot/vmlinuz-xen-domu"
cmdline = "console=hvc0 root=/dev/xvda1 rw quiet"
disk = ["vdev=xvda1,format=raw,access=rw,target=/dev/disk/by-id/virtio-pvh1"]
vif = ["mac=00:16:3e:05:80:af,bridge=xenbr0"]
device_model_version = "qemu-xen"
on_crash = "destroy"
`;

test('a real guest is as its file says, until the file is changed', () => {
  expect(drift(RUNNING_FILE, RUNNING).filter(isDrift)).toEqual([]);
  expect(drift(RUNNING_FILE.replace('128', '256').replace('xenbr0', 'br1'), RUNNING).filter(isDrift)).toEqual([
    { path: 'b_info.max_memkb', kind: 'changed', file: 262_144, domain: 131_072 },
    { path: 'b_info.target_memkb', kind: 'changed', file: 262_144, domain: 131_072 },
    { path: 'nics[0].bridge', kind: 'changed', file: 'br1', domain: 'xenbr0' },
  ]);
});

test('changed fields, lost and added devices are told field by field', () => {
  const running = toLibxlJson(
    FILE.replace('memory = 256', 'memory = 128\nmaxmem = 256')
      .replace('"vdev=xvdb,target=/b"', '"vdev=xvdc,target=/c"')
      .replace('target=/a', 'target=/z'),
  );
  expect(drift(FILE, running).filter(isDrift)).toEqual([
    { path: 'b_info.target_memkb', kind: 'changed', file: 262144, domain: 131072 },
    { path: 'disks[xvda].pdev_path', kind: 'changed', file: '/a', domain: '/z' },
    expect.objectContaining({ path: 'disks[xvdb]', kind: 'missing' }),
    expect.objectContaining({ path: 'disks[xvdc]', kind: 'extra' }),
  ]);
});

test('JSON of something else is refused', () => {
  for (const json of [null, 5, [], {}, [{}, {}]]) expect(() => drift(FILE, json)).toThrowError(/not the JSON of one domain/);
});
