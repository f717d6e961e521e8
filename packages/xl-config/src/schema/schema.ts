import type { XenVersion } from '../versions.ts';
import { atLeast } from '../versions.ts';
import type { KeySpec, ValueOf } from './key.ts';
import type { GuestType } from './kind.ts';
import { bootKeys } from './keys/boot.ts';
import { deviceKeys } from './keys/devices.ts';
import { emulationKeys } from './keys/emulation.ts';
import { generalKeys } from './keys/general.ts';
import { memoryKeys } from './keys/memory.ts';
import { platformKeys } from './keys/platform.ts';
import { processorKeys } from './keys/processors.ts';

/** Every key that xl reads, 4.17 to master. */
const KEYS = { ...generalKeys, ...memoryKeys, ...processorKeys, ...bootKeys, ...platformKeys, ...deviceKeys, ...emulationKeys };

type Keys = typeof KEYS;
export type KeyName = keyof Keys;

/** One domain's configuration, keyed as in xl.cfg(5), with values as xl understands them. */
export type DomainConfig = { readonly [K in Exclude<KeyName, 'name'>]?: ValueOf<Keys[K]> } & { readonly name: string };

export const KEY_NAMES = Object.keys(KEYS) as readonly KeyName[];

const BY_NAME: ReadonlyMap<string, KeySpec<unknown>> = new Map(Object.entries(KEYS) as unknown as [string, KeySpec<unknown>][]);

/** `undefined` for a key that no xl of the covered releases reads. */
export function specOf(name: string): KeySpec<unknown> | undefined {
  return BY_NAME.get(name);
}

/** Does the xl of a release read the key for this type of guest? */
export function isRead(spec: KeySpec<unknown>, type: GuestType, xen: XenVersion): boolean {
  return (spec.since === undefined || atLeast(xen, spec.since)) && (spec.guests === undefined || spec.guests.includes(type));
}
