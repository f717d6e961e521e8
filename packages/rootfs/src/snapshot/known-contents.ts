import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { XlfsError } from '@xlfs/core';
import type { RootfsStore } from '../store/rootfs-store.ts';
import type { Place } from './manifest.ts';
import { PackReader } from './pack-reader.ts';

/** Where each content is that the store has already, by sha256, whatever snapshot it came with. */
export async function knownContents(store: RootfsStore): Promise<Map<string, Place>> {
  const known = new Map<string, Place>();
  for (const name of readdirSync(store.packs).sort()) {
    const [, id] = /^([0-9a-f]{32})\.zst$/.exec(name) ?? [];
    if (id === undefined) continue;
    for (const { sha256, at } of await contentsOf(join(store.packs, name))) known.set(sha256, { pack: id, at });
  }
  return known;
}

async function contentsOf(path: string): Promise<PackReader['contents']> {
  try {
    await using pack = new PackReader(path);
    return pack.contents;
  } catch (error) {
    // Nothing new is to depend on a pack that is damaged; whoever needs it already is told so when it is read.
    if (error instanceof XlfsError) return [];
    throw error;
  }
}
