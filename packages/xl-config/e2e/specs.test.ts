import { expect, test } from 'vitest';
import { structJson } from '../src/libxl/json.ts';
import { parsePci, pciToLibxl } from '../src/specs/pci.ts';
import { diskToLibxl, readDisk } from '../src/specs/disk.ts';
import { effectiveRdm } from '../src/specs/rdm.ts';
import { parseRate } from '../src/specs/vif-rate.ts';
import type { ReadContext } from '../src/schema/kind.ts';
import { mutate, Random } from './oracle/random.ts';
import { libxlutil, type Kind } from './oracle/xlu.ts';

const COUNT = Number(process.env['XL_CONFIG_INPUTS'] ?? 100_000) / 4;
/** An address without its dot makes libxlutil read an uninitialised variable: whatever it answers means nothing. */
const UNDEFINED = /:\s*[+-]?(?:0x)?[0-9a-f]+(?![0-9a-f:.])/i;
const context: ReadContext = {
  key: 'disk',
  xen: '4.17',
  type: 'pv',
  added: false,
  warn: () => undefined,
  refuse: () => undefined,
};

/** Inputs put together from pieces, half of them mutated, and what both sides make of them. */
function compare(
  kind: Kind,
  pieces: readonly string[],
  separator: string,
  ours: (text: string) => unknown,
  theirs: (answer: never) => unknown,
): void {
  const random = new Random(kind.length);
  const texts = Array.from({ length: COUNT }, () => {
    const text = random.times(5, () => random.pick(pieces)).join(random.chance(90) ? separator : '');
    return random.chance(50) ? mutate(text, random, [...pieces, ',', '=', ':', ' ', '\n', '@', '.', '*', '0', 'x', 'a']) : text;
  }).filter((text) => !text.includes('\0') && !(kind === 'pci' && UNDEFINED.test(text)));
  let accepted = 0;
  for (const [index, answer] of libxlutil(kind, texts).entries()) {
    const text = texts[index] as string;
    const expected = answer === null ? null : theirs(answer as never);
    if (expected !== null) accepted++;
    const got = ours(text) ?? null;
    if (JSON.stringify(got) !== JSON.stringify(expected)) expect({ text, got }).toEqual({ text, got: expected });
  }
  expect(accepted).toBeGreaterThan(COUNT / 100);
}

test('disk strings: the verdict and the fields of libxlutil', () => {
  const pieces = [
    '/dev/x',
    'raw',
    'qcow2',
    'QCOW2',
    'xvda',
    'hdc:cdrom',
    'hda:disk',
    'w',
    'r',
    'rw',
    '',
    'format=raw',
    'format=',
    'format=vhd',
    'cdrom',
    'devtype=cdrom',
    'devtype=disk',
    'devtype=x',
    'access=ro',
    'access=w',
    'backend=d',
    'backendtype=phy',
    'backendtype=x',
    'specification=xen',
    'vdev=xvdb',
    'vdev=',
    'script=s',
    'direct-io-safe',
    'discard',
    'no-discard',
    'colo',
    'no-colo',
    'colo-host=h',
    'colo-port=1',
    'colo-port=x',
    'colo-export=e',
    'active-disk=a',
    'hidden-disk=h',
    'trusted',
    'target=/t',
    'target=/a,b',
    'target=',
    'bogus=1',
    'phy:/x',
    'file:/y',
    'tap2:aio:/z',
    'qcow:/q',
    'raw:',
    'nbd:h:1',
    'foo:/x',
    'iscsi:t',
    'drbd:d',
    '=',
    'grant_usage=1',
  ];
  compare(
    'disk',
    pieces,
    ',',
    (text) => {
      const disk = readDisk(text, context, 0);
      return disk === undefined ? null : structJson('device_disk', diskToLibxl(disk), '4.17');
    },
    (answer) => answer,
  );
});

test('vif rates: the verdict, bytes and window of libxlutil', () => {
  compare(
    'rate',
    [
      '10Mb/s',
      '1GB/s@20ms',
      '1',
      '10',
      '0',
      '010',
      '4294967295',
      '4294967296',
      '09',
      'G',
      'M',
      'K',
      'b',
      'B',
      '/s',
      'Mb/s',
      'GB/s',
      'KB/s',
      'b/s',
      '@',
      '@20ms',
      '@5',
      '@1s',
      '@50us',
      '@010ms',
      '@0',
    ],
    '',
    (text) => {
      const rate = parseRate(text);
      return typeof rate === 'string' ? null : [String(rate.bytesPerInterval), rate.microseconds];
    },
    (answer) => answer,
  );
});

test('pci devices: the verdict and the fields of libxlutil', () => {
  const shared = { permissive: false, msitranslate: false, seize: false, power_mgmt: false, rdm_policy: 'invalid' };
  const policies = ['strict', 'relaxed'];
  compare(
    'pci',
    [
      '03:00.0',
      '0000:03:00.0',
      '1:2.3',
      '03:00.*',
      '@1f',
      '@20',
      'bdf=1:2.3',
      'name=n',
      'vslot=4',
      'permissive=1',
      'msitranslate=0',
      'seize=x',
      'power_mgmt=2',
      'rdm_policy=strict',
      'rdm_policy=RELAXED',
      'rdm_policy=x',
      'bogus=1',
      '',
      '0x1:0x2.0x3',
      '-1:0.0',
      '10000:0:0.0',
      '1:20.0',
      '1:1.8',
    ],
    ',',
    (text) => {
      const pci = parsePci(text);
      if (typeof pci === 'string') return null;
      const {
        domain = 0,
        bus = 0,
        dev = 0,
        func = 0,
        vdevfn = 0,
        vfunc_mask: mask = 0,
        name = null,
        ...rest
      } = pciToLibxl(pci, shared) as Record<string, number>;
      const flags = ['msitranslate', 'power_mgmt', 'permissive', 'seize'].map((flag) => Number(rest[flag]));
      return { domain, bus, dev, func, vdevfn, mask, flags, policy: policies.indexOf(String(rest['rdm_policy'])), name };
    },
    (answer) => answer,
  );
});

test('rdm strings: what libxlutil drops, and the strategy of what it takes', () => {
  compare(
    'rdm',
    ['strategy=host', 'strategy=x', 'policy=strict', 'policy=relaxed', 'policy=x', 'bogus=1', '', 'strategy', '='],
    ',',
    (text) => effectiveRdm(text)?.strategy,
    (answer: [number, number]) => (answer[0] === 1 ? 'host' : 'ignore'),
  );
});
