import type { Recipe } from '@xlfs/core';
import { bash } from './recipes/bash.ts';
import { busybox } from './recipes/busybox.ts';
import { filesystem } from './recipes/filesystem.ts';
import { libaio } from './recipes/libaio.ts';
import { libuuid } from './recipes/libuuid.ts';
import { yajl } from './recipes/yajl.ts';
import { zlib } from './recipes/zlib.ts';

export { hostRequirements } from './host-requirements.ts';
export { lintRecipe } from './lint/lint-recipe.ts';

/** What a Xen host needs around Xen and Linux when compiler and C library come from the distribution. */
export const userlandRecipes: readonly Recipe[] = [filesystem, bash, busybox, libaio, libuuid, yajl, zlib];

/** Every recipe of this package. Names are unique; the composition root puts them into a registry. */
export function lfsRecipes(): readonly Recipe[] {
  return userlandRecipes;
}
