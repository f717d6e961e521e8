import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { sha256 } from '../plan/key.ts';

/** Static imports and re-exports of a module, as compilers print them. */
const IMPORT = /(?:^|[\n;}])\s*(?:import|export)\b[^'"\n;]*?(?:\n[^'";]*?)*?['"]([^'"\n]+)['"]/g;

const digests = new Map<string, Promise<string>>();

/**
 * Digest of a task's code: its module and all that it imports by relative path or from the scope of ours. Libraries of others are left out;
 * they are pinned by the versions that our packages name.
 */
export function moduleDigest(url: string): Promise<string> {
  const known = digests.get(url);
  if (known !== undefined) return known;
  const digest = collect(url, new Map()).then((texts) => sha256([...texts.values()].sort().join('\0')));
  digests.set(url, digest);
  return digest;
}

async function collect(url: string, texts: Map<string, string>): Promise<Map<string, string>> {
  if (texts.has(url)) return texts;
  const text = await readFile(new URL(url), 'utf8').catch((error: NodeJS.ErrnoException) => {
    // The pattern may find an import in a comment or a string, but what is imported is there.
    if (error.code === 'ENOENT' && texts.size > 0) return undefined;
    throw error;
  });
  if (text === undefined) return texts;
  texts.set(url, text);
  for (const [, specifier = ''] of text.matchAll(IMPORT)) {
    const next = resolveOurs(specifier, url);
    if (next !== undefined) await collect(next, texts);
  }
  return texts;
}

function resolveOurs(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.')) return new URL(specifier, from).href;
  if (specifier.startsWith('@xlfs/')) return pathToFileURL(createRequire(from).resolve(specifier)).href;
  return undefined;
}
