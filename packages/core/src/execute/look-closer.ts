import type { Step } from '../plan/plan.ts';

/** How a user of the CLI sees more of a step that failed. */
export function lookCloser({ name, profile, recipe }: Step): string {
  const log = `xlfs log --profile ${profile} ${name} shows all of it`;
  return recipe.task === undefined ? `${log}, xlfs shell --profile ${profile} ${name} opens its sandbox` : log;
}
