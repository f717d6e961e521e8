import type { Recipe } from '@xlfs/core';

/** Chapter 5: a compiler of our own for the target, and the C library that it links to. */
export const crossRecipes: readonly Recipe[] = [];
