export { XlfsError } from './errors.ts';
export type { ErrorCode, XlfsErrorOptions } from './errors.ts';
export { defineRecipe } from './recipe/define.ts';
export { autotools, cmake, make, meson } from './recipe/build-systems.ts';
export type { AutotoolsOptions, CmakeOptions, MakeOptions, MesonOptions } from './recipe/build-systems.ts';
export type { Phase, Recipe, RecipeInput, Source, Task, TaskContext, TaskFunction, TaskInput } from './recipe/recipe.ts';
