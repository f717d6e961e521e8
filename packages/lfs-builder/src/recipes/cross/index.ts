import type { Recipe } from '@xlfs/core';
import { crossBinutils } from './binutils.ts';
import { crossToolchain } from './cross-toolchain.ts';
import { crossGcc } from './gcc.ts';
import { crossGlibc } from './glibc.ts';
import { crossLibstdcxx } from './libstdc++.ts';
import { linuxHeaders } from './linux-headers.ts';

/** Chapter 5: a compiler of our own for the target, and the C library that it links to. */
export const crossRecipes: readonly Recipe[] = [
  crossBinutils,
  crossGcc,
  linuxHeaders,
  crossGlibc,
  crossLibstdcxx,
  crossToolchain,
];
