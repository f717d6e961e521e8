import type { Recipe } from '@xlfs/core';
import { temporarySystem } from './temporary-system.ts';

/** Chapters 6 and 7: what the final system is built with, and nothing of which stays. */
export const temporaryRecipes: readonly Recipe[] = [temporarySystem];
