import type { Span } from '../grammar/token.ts';
import type { Interpretation } from '../meaning/interpret.ts';
import { assignmentOf, spanOf } from '../meaning/place.ts';
import type { GuestType } from '../schema/kind.ts';
import type { Disk } from '../specs/disk.ts';
import type { Draft } from './diagnostic.ts';

/** What is wrong between devices, or between keys that xl takes one by one. */
export function deviceDrafts(interpretation: Interpretation): Draft[] {
  return [...addresses(interpretation), ...disks(interpretation), ...memory(interpretation), ...deviceModel(interpretation)];
}

function place({ document }: Interpretation, key: string, item: number): Span {
  return spanOf(document, { key, item });
}

function addresses(interpretation: Interpretation): Draft[] {
  const seen = new Map<string, number>();
  return (interpretation.reading.config.vif ?? []).flatMap(({ mac }, item): Draft[] => {
    if (mac === undefined) return [];
    const at = { key: 'vif', span: place(interpretation, 'vif', item) };
    const first = parseInt(mac.slice(0, 2), 16);
    const twin = seen.get(mac);
    seen.set(mac, item);
    if (twin !== undefined)
      return [
        {
          ...at,
          code: 'mac-clash',
          message: `MAC address ${mac} is that of interface ${twin}, too`,
          hint: 'Give each interface its own.',
        },
      ];
    if (first % 2 === 1)
      return [
        { ...at, code: 'mac-multicast', message: `${mac} is a multicast address`, hint: 'Take an even first byte: 00:16:3e:….' },
      ];
    if (mac.startsWith('00:16:3e:') || (first & 2) !== 0) return [];
    return [
      { ...at, code: 'mac-vendor', message: `${mac} is in some vendor's range`, hint: "Take one in Xen's range 00:16:3e." },
    ];
  });
}

const SUFFIXES: Readonly<Record<string, Disk['format']>> = { qcow2: 'qcow2', qcow: 'qcow', vhd: 'vhd', qed: 'qed' };

function disks(interpretation: Interpretation): Draft[] {
  const names = new Map<string, number>();
  const targets = new Map<string, { item: number; writable: boolean }>();
  return (interpretation.reading.config.disk ?? []).flatMap((disk, item): Draft[] => {
    const at = { key: 'disk', span: place(interpretation, 'disk', item) };
    const drafts: Draft[] = [];
    const twin = names.get(disk.vdev);
    names.set(disk.vdev, item);
    if (twin !== undefined)
      drafts.push({
        ...at,
        code: 'disk-clash',
        message: `${disk.vdev} is the name of disk ${twin}, too`,
        hint: 'Give each disk its own vdev.',
      });
    const writable = disk.access !== 'ro' && disk.devtype !== 'cdrom';
    const target = disk.target ?? '';
    const other = targets.get(target);
    if (target !== '' && other !== undefined && (writable || other.writable))
      drafts.push({
        ...at,
        code: 'shared-target',
        message: `${target} is the target of disk ${other.item}, too, and one of them is writable`,
        hint: 'Make both read-only, or give each its own target.',
      });
    if (target !== '') targets.set(target, { item, writable });
    const suffix = SUFFIXES[target.slice(target.lastIndexOf('.') + 1)];
    if (suffix !== undefined && suffix !== disk.format)
      drafts.push({
        ...at,
        code: 'format-mismatch',
        message: `${target} looks like ${suffix}, its format is ${disk.format ?? 'raw'}`,
        hint: `Write format=${suffix}.`,
      });
    return drafts;
  });
}

function memory({ document, reading }: Interpretation): Draft[] {
  const { memory: now, maxmem } = reading.config;
  if (now === undefined || maxmem === undefined || now <= maxmem) return [];
  const span = assignmentOf(document, 'memory')?.value ?? { start: 0, end: 0 };
  return [
    {
      code: 'memory-over-maxmem',
      message: `memory (${String(now)} MiB) is more than maxmem (${String(maxmem)} MiB)`,
      hint: 'Raise maxmem, or remove it.',
      key: 'memory',
      span,
    },
  ];
}

const MODEL_KEYS = [
  'device_model_version',
  'device_model_override',
  'device_model_stubdomain_override',
  'device_model_args_hvm',
  'vnc',
  'sdl',
  'videoram',
];

/** Such keys have a rule of their own. */
export function isOfDeviceModel(name: string, type: GuestType): boolean {
  return type === 'pvh' && MODEL_KEYS.includes(name);
}

function deviceModel({ document, reading }: Interpretation): Draft[] {
  if (reading.type !== 'pvh') return [];
  return MODEL_KEYS.flatMap((key): Draft[] => {
    const assignment = assignmentOf(document, key);
    const value = (reading.config as unknown as Record<string, unknown>)[key];
    if (assignment === undefined || value === undefined || value === false) return [];
    return [
      {
        code: 'pvh-device-model',
        message: `${key} needs a device model, which pvh guests do not have`,
        hint: 'Remove the key, or make it an hvm guest.',
        key,
        span: assignment.nameSpan,
      },
    ];
  });
}
