import type { Recipe } from '@xlfs/core';
import { filesystem } from './filesystem.ts';
import { lfsSystem } from './lfs-system.ts';
import { libaio } from './libaio.ts';
import { libuuid } from './libuuid.ts';
import { yajl } from './yajl.ts';
import { zlib } from './zlib.ts';

/** Chapter 8: the final system, and the libraries that Xen adds to it. */
export const systemRecipes: readonly Recipe[] = [filesystem, lfsSystem, libaio, libuuid, yajl, zlib];
