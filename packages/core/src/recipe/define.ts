import { z } from 'zod';
import { XlfsError } from '../errors.ts';
import { recipeSchema, type Recipe, type RecipeInput } from './recipe.ts';

/**
 * Validates a recipe and fills in its defaults.
 *
 * @throws XlfsError `RECIPE_INVALID`, naming the recipe and each wrong field.
 */
export function defineRecipe(input: RecipeInput): Recipe {
  const result = recipeSchema.safeParse(input);
  if (!result.success) {
    throw new XlfsError('RECIPE_INVALID', `recipe ${String(input.name)}:\n${z.prettifyError(result.error)}`, {
      hint: 'correct the fields named above',
    });
  }
  const recipe = result.data;
  if ((recipe.phases.length === 0) === (recipe.task === undefined)) {
    throw new XlfsError('RECIPE_INVALID', `recipe ${recipe.name}: has to have either phases or a task`, {
      hint: 'give it phases (a script) or a task (a function), not both',
    });
  }
  return recipe;
}
