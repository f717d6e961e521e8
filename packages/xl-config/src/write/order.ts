import { bootKeys } from '../schema/keys/boot.ts';
import { deviceKeys } from '../schema/keys/devices.ts';
import { emulationKeys } from '../schema/keys/emulation.ts';
import { generalKeys } from '../schema/keys/general.ts';
import { memoryKeys } from '../schema/keys/memory.ts';
import { platformKeys } from '../schema/keys/platform.ts';
import { processorKeys } from '../schema/keys/processors.ts';

const IDENTITY = ['name', 'type', 'builder', 'uuid'];
const MAIN_DEVICES = ['disk', 'vif'];

/** Keys in the order in which they are written, in groups with an empty line between them. */
const GROUPS: readonly (readonly string[])[] = [
  IDENTITY,
  ['memory', 'maxmem', 'vcpus', 'maxvcpus', ...rest(memoryKeys), ...rest(processorKeys)],
  Object.keys(bootKeys),
  Object.keys(platformKeys),
  ...MAIN_DEVICES.map((key) => [key]),
  Object.keys(deviceKeys).filter((key) => !MAIN_DEVICES.includes(key)),
  Object.keys(emulationKeys),
  Object.keys(generalKeys).filter((key) => !IDENTITY.includes(key)),
];

const PLACES: ReadonlyMap<string, Place> = new Map(
  GROUPS.flatMap((keys, group) => keys.map((key, index): [string, Place] => [key, { group, rank: group * 1000 + index }])),
);

interface Place {
  readonly group: number;
  readonly rank: number;
}

/** Where a key is written: its group, and its place among all keys. */
export function placeOf(key: string): Place {
  return PLACES.get(key) ?? { group: GROUPS.length, rank: GROUPS.length * 1000 };
}

function rest(keys: object): string[] {
  return Object.keys(keys).filter((key) => !['memory', 'maxmem', 'vcpus', 'maxvcpus'].includes(key));
}
