import { z } from 'zod';
import { XlfsError } from '@xlfs/core';
import type { Entry } from '../tree/entry.ts';
import { contentDigest, type Digested } from '../snapshot/compare.ts';

/** What an entry is, in a form that can be compared and written down. */
export const stateSchema = z.strictObject({
  type: z.enum(['file', 'directory', 'symlink', 'char', 'block', 'fifo', 'socket']),
  mode: z.int().min(0).max(0o7777),
  uid: z.int().min(0),
  gid: z.int().min(0),
  mtime: z.int(),
  nanoseconds: z.int().min(0).max(999_999_999),
  size: z.int().min(0).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  target: z.string().optional(),
  device: z.tuple([z.int(), z.int()]).optional(),
  /** Values in base64. */
  xattrs: z.record(z.string(), z.string()).optional(),
  /** Another name of the same file, first in the tree. */
  sameAs: z.string().optional(),
});
export type State = z.output<typeof stateSchema>;

export const deltaSchema = z.strictObject({
  format: z.literal('xlfs-patch-1'),
  /** Digests of the trees that it leads from and to. */
  base: z.string().regex(/^[0-9a-f]{64}$/),
  result: z.string().regex(/^[0-9a-f]{64}$/),
  /** Per path what was there and what is to be there; null for nothing. In tree order. */
  changes: z.array(z.strictObject({ path: z.string(), before: stateSchema.nullable(), after: stateSchema.nullable() })),
});
export type Delta = z.output<typeof deltaSchema>;

/** The state of an entry; `sameAs` is its first name when it has an earlier one. */
export async function stateOf(entry: Digested, sameAs: string | undefined): Promise<State> {
  const { type, mode, uid, gid, mtime, nanoseconds = 0, size, target, device, xattrs } = entry;
  const attributes = Object.entries(xattrs ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  return {
    type,
    mode: type === 'symlink' ? 0o777 : mode,
    uid,
    gid,
    mtime,
    nanoseconds,
    ...(type === 'file' ? { size, sha256: await contentDigest(entry) } : {}),
    ...(target === undefined ? {} : { target }),
    ...(device === undefined ? {} : { device: [device.major, device.minor] as [number, number] }),
    ...(attributes.length === 0 ? {} : { xattrs: Object.fromEntries(attributes) as Record<string, string> }),
    ...(sameAs === undefined ? {} : { sameAs }),
  };
}

/** The entry that a state describes; its content comes from elsewhere. */
export function entryOf(path: string, state: State): Entry {
  const { sha256: _, sameAs, device, xattrs, size = 0, ...rest } = state;
  return {
    path,
    ...rest,
    size,
    ...(rest.target === undefined ? {} : { target: rest.target }),
    ...(device === undefined ? {} : { device: { major: device[0], minor: device[1] } }),
    ...(xattrs === undefined
      ? {}
      : { xattrs: Object.fromEntries(Object.entries(xattrs).map(([name, value]) => [name, Buffer.from(value, 'base64')])) }),
    ...(sameAs === undefined ? {} : { link: `patch:${sameAs}` }),
  } as Entry;
}

/** @throws ARCHIVE_INVALID when it is not the manifest of a patch. */
export function parseDelta(text: string): Delta {
  try {
    return deltaSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new XlfsError('ARCHIVE_INVALID', 'the manifest of the patch is not written as it should be', { cause });
  }
}
