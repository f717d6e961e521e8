import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * - `settled`: everything is on disk.
 * - `unsettled`: complete, but the kernel may still hold some of it in memory: to be trusted as long as the machine runs.
 * - `absent`: not there, or left behind by a crash of the machine.
 */
export type LayerState = 'settled' | 'unsettled' | 'absent';

export const SETTLED_MANIFEST = 'manifest';

let bootId: string | undefined;

/** The name carries the boot's id, so that after a restart an unsettled layer is no layer any more. */
export function unsettledManifestName(): string {
  bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${SETTLED_MANIFEST}.${bootId}`;
}

export function layerState(place: string): LayerState {
  if (existsSync(join(place, SETTLED_MANIFEST))) return 'settled';
  return existsSync(join(place, unsettledManifestName())) ? 'unsettled' : 'absent';
}

/** Where the layer's manifest can be read now, or undefined when there is no such layer. */
export function manifestPath(place: string): string | undefined {
  const state = layerState(place);
  if (state === 'absent') return undefined;
  return join(place, state === 'settled' ? SETTLED_MANIFEST : unsettledManifestName());
}
