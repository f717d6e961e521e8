import type { Recipe } from '@xlfs/core';

/** A recipe of both profiles where the C library is a package, too: under the host profile it is the distribution's and goes unsaid. */
export function withCLibrary(recipe: Recipe): Recipe {
  const { needs } = recipe;
  return { ...recipe, needs: { ...needs, run: [...needs.run, 'glibc'] } };
}
