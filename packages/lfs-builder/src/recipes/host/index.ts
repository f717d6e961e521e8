import type { Recipe } from '@xlfs/core';
import { filesystem } from '../system/filesystem.ts';
import { libaio } from '../system/libaio.ts';
import { yajl } from '../system/yajl.ts';
import { zlib } from '../system/zlib.ts';
import { bash } from './bash.ts';
import { busybox } from './busybox.ts';
import { libuuid } from './libuuid.ts';

/** What a Xen host needs around Xen and Linux when compiler and C library come from the distribution. */
export const userlandRecipes: readonly Recipe[] = [filesystem, bash, busybox, libaio, libuuid, yajl, zlib];
