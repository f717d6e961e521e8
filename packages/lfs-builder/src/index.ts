import type { Recipe } from '@xlfs/core';
import { crossRecipes } from './recipes/cross/index.ts';
import { busybox } from './recipes/host/busybox.ts';
import { systemRecipes } from './recipes/system/index.ts';
import { temporaryRecipes } from './recipes/temporary/index.ts';

export { hostRequirements } from './host-requirements.ts';
export { lfsProfile } from './lfs-profile.ts';
export { userlandRecipes } from './recipes/host/index.ts';

/** The whole of Linux From Scratch: cross toolchain, temporary tools, system; and busybox, of which small guests consist. Names are unique. */
export function lfsRecipes(): readonly Recipe[] {
  return [...crossRecipes, ...temporaryRecipes, ...systemRecipes, busybox];
}
