import { asNamespaceRoot } from '@xlfs/core';
import { applyPersonality } from '../personality/apply.ts';
import type { PersonalityInput } from '../personality/schema.ts';

interface Params {
  readonly personality: PersonalityInput;
  readonly directory: string;
}

/** Gives a folder a personality as root, whose files are in it: an ordinary user is root of a namespace for that. */
export async function applyInFolder(params: Params): Promise<void> {
  if (process.getuid?.() === 0) await apply(params);
  else await asNamespaceRoot({ module: import.meta.url, export: 'apply', params });
}

export async function apply({ personality, directory }: Params): Promise<null> {
  await applyPersonality(personality, { directory });
  return null;
}
