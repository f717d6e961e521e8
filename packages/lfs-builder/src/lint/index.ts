export { lintRecipe } from './lint-recipe.ts';
