import { readFile } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { pathToFileURL } from 'node:url';
import { init, parse } from 'es-module-lexer';
import { sha256 } from '../plan/key.ts';

const digests = new Map<string, Promise<string>>();

/**
 * Digest of a task's code: its module and all that it imports by relative path or from the scope of ours. Libraries of others are left out;
 * they are pinned by the versions that our packages name.
 */
export function moduleDigest(url: string): Promise<string> {
  const known = digests.get(url);
  if (known !== undefined) return known;
  const digest = init()
    .then(() => collect(url, new Map()))
    .then((texts) => sha256([...texts.values()].sort().join('\0')));
  digests.set(url, digest);
  return digest;
}

async function collect(url: string, texts: Map<string, string>): Promise<Map<string, string>> {
  if (texts.has(url)) return texts;
  const text = await readFile(new URL(url), 'utf8');
  texts.set(url, text);
  const [imports] = parse(url.endsWith('.ts') ? stripTypeScriptTypes(text) : text);
  for (const { specifier } of imports) {
    const next = specifier === undefined || specifier === null ? undefined : resolveOurs(specifier, url);
    if (next !== undefined) await collect(next, texts);
  }
  return texts;
}

function resolveOurs(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.')) return new URL(specifier, from).href;
  if (specifier.startsWith('@xlfs/')) return pathToFileURL(createRequire(from).resolve(specifier)).href;
  return undefined;
}
