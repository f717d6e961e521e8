export { mutualNeeds } from '../recipes/mutual-needs.ts';
export { lintRecipe } from './lint-recipe.ts';
export { readLayer } from './read-layer.ts';
export { undeclaredNeeds } from './true-needs.ts';
export type { BuiltLayer, LayerFile, TrueNeedsOptions, UndeclaredNeed } from './true-needs.ts';
