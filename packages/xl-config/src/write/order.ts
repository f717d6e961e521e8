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
export const GROUPS: readonly (readonly string[])[] = [
  IDENTITY,
  ['memory', 'maxmem', 'vcpus', 'maxvcpus', ...rest(memoryKeys), ...rest(processorKeys)],
  Object.keys(bootKeys),
  Object.keys(platformKeys),
  ...MAIN_DEVICES.map((key) => [key]),
  Object.keys(deviceKeys).filter((key) => !MAIN_DEVICES.includes(key)),
  Object.keys(emulationKeys),
  Object.keys(generalKeys).filter((key) => !IDENTITY.includes(key)),
];

function rest(keys: object): string[] {
  return Object.keys(keys).filter((key) => !['memory', 'maxmem', 'vcpus', 'maxvcpus'].includes(key));
}
