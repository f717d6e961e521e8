import { join } from 'node:path';
import type { Entry } from '../tree/entry.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';
import { readManifest, type ManifestEntry } from './manifest.ts';
import { PackReader } from './pack-reader.ts';

/** Use the tree of a snapshot; its contents can be read until `use` has ended. */
export async function withSnapshotTree<T>(store: RootfsStore, digest: string, use: (entries: Entry[]) => Promise<T>): Promise<T> {
  const packs = new Map<string, PackReader>();
  const pack = (id: string) => {
    const reader = packs.get(id) ?? new PackReader(join(store.packs, `${id}.zst`));
    packs.set(id, reader);
    return reader;
  };
  try {
    return await use((await readManifest(store, digest)).map((entry) => withContent(entry, pack)));
  } finally {
    for (const reader of packs.values()) await reader[Symbol.asyncDispose]();
  }
}

function withContent(entry: ManifestEntry, pack: (id: string) => PackReader): Entry {
  const { sha256: _, place, ...rest } = entry;
  if (entry.type !== 'file') return rest;
  if (place === undefined || entry.size === 0) return { ...rest, content: { bytes: new Uint8Array() } };
  return {
    ...rest,
    content: {
      open: () => pack(place.pack).read(place.at, entry.size),
      atHand: () => pack(place.pack).atHand(place.at, entry.size),
    },
  };
}
