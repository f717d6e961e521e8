import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { XlfsError } from '../errors.ts';
import { nameSchema } from '../recipe/recipe.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { poolFolder } from './apt/source-index.ts';
import { parseSnapshotTime } from './snapshot-time.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex');
/** Bytes. */
const sizeSchema = z.int().nonnegative();
/** A plain file name: it becomes a path below the store. */
const fileNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._~-]*$/, 'a plain file name');

const upstreamPinSchema = z.strictObject({
  /** When it differs from the source's: upstream has a release where Debian has a snapshot. */
  version: z.string().min(1).optional(),
  url: z.string().regex(/^(https?|file):\/\//, 'an http, https or file URL'),
  sha256: sha256Schema,
  size: sizeSchema.optional(),
});

const debianPinSchema = z.strictObject({
  package: nameSchema,
  /** Upstream part of Debian's version, without epoch and revision: any revision will do whose tarball has this digest. */
  version: z.string().min(1),
  /** Where it was seen; other suites are looked into as well. */
  suite: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .optional(),
  /** Folder of the archive: the file is looked for there before any index is asked, and with {@link seen} in the archive's past. */
  directory: z.string().regex(poolFolder, 'a folder below pool/ of plain names').optional(),
  /** When the archive had the file: the date of the signed index that named it. */
  seen: z
    .string()
    .refine((text) => parseSnapshotTime(text) !== undefined, 'a time in UTC like 20261121T091544Z')
    .optional(),
  file: fileNameSchema,
  sha256: sha256Schema,
  size: sizeSchema,
  /** Glob of the real tarball inside this one. */
  nested: z.string().min(1).optional(),
});

const lockedSourceSchema = z.strictObject({
  version: z.string().min(1),
  /** One digest a provider: Debian's tarballs can be repacked. */
  providers: z
    .strictObject({ upstream: upstreamPinSchema.optional(), debian: debianPinSchema.optional() })
    .refine((pins) => pins.upstream !== undefined || pins.debian !== undefined, 'at least one provider has to be pinned'),
});

const lockSchema = z.strictObject({ lockVersion: z.literal(1), sources: z.record(nameSchema, lockedSourceSchema) });

export type UpstreamPin = z.output<typeof upstreamPinSchema>;
export type DebianPin = z.output<typeof debianPinSchema>;
export type LockedSource = z.output<typeof lockedSourceSchema>;
/** Every tarball that a build may use: version, digest and where it can come from. */
export type Lock = z.output<typeof lockSchema>;

/**
 * Reads a lock file.
 *
 * @throws XlfsError `LOCK_INVALID`, naming file and line, or file and key.
 */
export async function readLock(path: string): Promise<Lock> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new XlfsError('LOCK_INVALID', `cannot read the lock file ${path}: ${(cause as Error).message}`, {
      hint: 'run xlfs sources lock, or give the right path',
      cause,
    });
  }
  return parseLock(text, path);
}

/** @throws XlfsError `LOCK_INVALID`; `path` is for the message only. */
export function parseLock(text: string, path: string): Lock {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new XlfsError('LOCK_INVALID', `${path}${placeOf(cause as SyntaxError, text)}: ${(cause as Error).message}`, {
      hint: 'restore the file from version control, or make it anew with xlfs sources lock',
      cause,
    });
  }
  const result = lockSchema.safeParse(value);
  if (result.success) return result.data;
  const complaints = result.error.issues.map((issue) => {
    const why = issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join(', ') : issue.message;
    return `${path}: ${z.core.toDotPath(issue.path) || 'top level'}: ${why}`;
  });
  throw new XlfsError('LOCK_INVALID', complaints.join('\n'), {
    hint: 'correct the keys named above, or make the file anew with xlfs sources lock',
  });
}

/** Writes a lock file in one move. The same lock gives the same bytes. */
export async function writeLock(path: string, lock: Lock): Promise<void> {
  await writeFileAtomic(path, formatLock(lock));
}

/** Sources by name, keys in the schema's order, a newline at the end. */
export function formatLock(lock: Lock): string {
  const sources = Object.fromEntries(
    Object.entries(lock.sources)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([
          name,
          {
            version,
            providers: { upstream, debian },
          },
        ]) => [
          name,
          {
            version,
            providers: {
              ...(upstream === undefined ? {} : { upstream: inOrder(upstream, upstreamPinSchema) }),
              ...(debian === undefined ? {} : { debian: inOrder(debian, debianPinSchema) }),
            },
          },
        ],
      ),
  );
  return `${JSON.stringify({ lockVersion: 1, sources }, null, 2)}\n`;
}

function inOrder<T extends object>(value: T, schema: z.ZodObject): T {
  const entries = Object.keys(schema.shape).map((key) => [key, value[key as keyof T]] as const);
  return Object.fromEntries(entries.filter(([, v]) => v !== undefined)) as T;
}

/** `:line:column`, from the offset in V8's message; of the file's end when it broke off. */
function placeOf(error: SyntaxError, text: string): string {
  const offset = /position (\d+)/.exec(error.message)?.[1];
  const before = offset === undefined ? text : text.slice(0, Number(offset));
  const lines = before.split('\n');
  return `:${String(lines.length)}:${String((lines.at(-1)?.length ?? 0) + 1)}`;
}
