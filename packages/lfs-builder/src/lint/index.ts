export { mutualNeeds } from '../recipes/mutual-needs.ts';
export { lintRecipe } from './lint-recipe.ts';
export { readLayer } from './read-layer.ts';
export { undeclaredNeeds, unorderedOwners } from './true-needs.ts';
export type { BuiltLayer, LayerFile, SharedPath, TrueNeedsOptions, UndeclaredNeed } from './true-needs.ts';
