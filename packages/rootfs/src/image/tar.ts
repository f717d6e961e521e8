import type { Pieces } from '../tree/batch.ts';
import { readContent, readSmall } from '../tree/content.ts';
import { orderedEntries, type Entry, type EntryType } from '../tree/entry.ts';
import { encodePath } from '../tree/path.ts';
import { writeStream, type Compression, type WrittenImage } from './compress.ts';

export interface TarOptions {
  /** @default 'none' */
  readonly compression?: Compression;
  readonly level?: number;
  /** Later times become this one, in seconds. */
  readonly epoch?: number;
}

const BLOCK = 512;
const ZEROS = Buffer.alloc(2 * BLOCK);
const SMALL = 1 << 18;
/** Stretches of zeros of a sparse file from this length on are left out. */
const HOLE = 1 << 16;
const TYPE: Readonly<Record<Exclude<EntryType, 'socket'>, string>> = {
  file: '0',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** Write a tar archive (POSIX pax) that keeps everything that an entry has; sockets are left out. The same entries give the same bytes. */
export async function writeTar(entries: Iterable<Entry>, out: string, options: TarOptions = {}): Promise<WrittenImage> {
  return await writeStream(out, tarPieces(entries, options), options);
}

/** The archive's bytes. */
export function* tarPieces(entries: Iterable<Entry>, options: Pick<TarOptions, 'epoch'> = {}): Pieces {
  const first = new Map<string, string>();
  const small = Buffer.allocUnsafe(SMALL);
  for (const entry of orderedEntries(entries, options.epoch)) {
    if (entry.type === 'socket') continue;
    const original = entry.link === undefined ? undefined : first.get(entry.link);
    if (original !== undefined) {
      yield* headers({ ...entry, target: original }, { type: '1', size: 0, extra: {}, epoch: options.epoch });
      continue;
    }
    if (entry.link !== undefined) first.set(entry.link, entry.path);
    if (entry.type === 'file' && entry.sparse === true) yield sparseFile(entry, options.epoch);
    else {
      yield* headers(entry, { type: TYPE[entry.type], size: entry.size, extra: {}, epoch: options.epoch });
      if (entry.type !== 'file') continue;
      yield readSmall(entry, small) ?? readContent(entry);
      yield padding(entry.size);
    }
  }
  yield ZEROS.subarray(0, 2 * BLOCK);
}

interface HeaderFields {
  readonly type: string;
  readonly size: number;
  readonly extra: Readonly<Record<string, string | Uint8Array>>;
  readonly epoch: number | undefined;
}

function* headers(entry: Entry, { type, size, extra, epoch }: HeaderFields): Generator<Buffer> {
  const late = epoch !== undefined && entry.mtime > epoch;
  const mtime = late ? epoch : entry.mtime;
  const nanoseconds = late ? 0 : (entry.nanoseconds ?? 0);
  const path = Buffer.concat([
    Buffer.from('./'),
    encodePath(entry.path),
    Buffer.from(entry.type === 'directory' && entry.path !== '' ? '/' : ''),
  ]);
  const target =
    entry.target === undefined
      ? Buffer.alloc(0)
      : Buffer.concat([Buffer.from(type === '1' ? './' : ''), encodePath(entry.target)]);
  const extended: [string, string | Uint8Array][] = Object.entries(extra);
  if (path.length > 100) extended.push(['path', path]);
  if (target.length > 100) extended.push(['linkpath', target]);
  if (size > 0o77777777777) extended.push(['size', String(size)]);
  if (entry.uid > 0o7777777) extended.push(['uid', String(entry.uid)]);
  if (entry.gid > 0o7777777) extended.push(['gid', String(entry.gid)]);
  if (nanoseconds !== 0 || mtime < 0) extended.push(['mtime', decimal(mtime, nanoseconds)]);
  if (type !== '1')
    for (const [name, value] of Object.entries(entry.xattrs ?? {}).sort()) extended.push([`SCHILY.xattr.${name}`, value]);
  if (extended.length > 0) {
    const records = Buffer.concat(extended.map(([name, value]) => record(name, value)));
    yield header({
      path: Buffer.from('./PaxHeaders/entry'),
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
      size: records.length,
      type: 'x',
      target: Buffer.alloc(0),
    });
    yield records;
    yield padding(records.length);
  }
  const { mode, uid, gid, device } = entry;
  yield header({ path, mode, uid, gid, mtime, size, type, target, ...(device === undefined ? {} : { device }) });
}

/** GNU's sparse format 1.0: the data starts with a list of what is not a hole. */
async function* sparseFile(entry: Entry, epoch: number | undefined): AsyncGenerator<Uint8Array> {
  const pieces = await dataPieces(entry);
  const list = `${[pieces.length, ...pieces.flatMap(({ from, to }) => [from, to - from])].join('\n')}\n`;
  const map = Buffer.alloc(Math.ceil(list.length / BLOCK) * BLOCK);
  map.write(list);
  const size = map.length + pieces.reduce((sum, { from, to }) => sum + to - from, 0);
  const extra = {
    'GNU.sparse.major': '1',
    'GNU.sparse.minor': '0',
    'GNU.sparse.name': Buffer.concat([Buffer.from('./'), encodePath(entry.path)]),
    'GNU.sparse.realsize': String(entry.size),
  };
  yield* headers(entry, { type: '0', size, extra, epoch });
  yield map;
  let at = 0;
  for await (const chunk of readContent(entry)) {
    for (const { from, to } of pieces) {
      if (to > at && from < at + chunk.length) yield Buffer.from(chunk.subarray(Math.max(0, from - at), to - at));
    }
    at += chunk.length;
  }
  yield padding(size);
}

/** Ranges that are not zeros, in whole stretches; an end marker when the file ends in a hole. */
async function dataPieces(entry: Entry): Promise<{ from: number; to: number }[]> {
  const pieces: { from: number; to: number }[] = [];
  let at = 0;
  for await (const chunk of readContent(entry)) {
    for (let done = 0; done < chunk.length;) {
      const stretch = chunk.subarray(done, done + HOLE - ((at + done) % HOLE));
      if (stretch.some((byte) => byte !== 0)) {
        const from = at + done;
        const last = pieces.at(-1);
        if (last?.to === from) last.to += stretch.length;
        else pieces.push({ from, to: from + stretch.length });
      }
      done += stretch.length;
    }
    at += chunk.length;
  }
  if (pieces.at(-1)?.to !== entry.size) pieces.push({ from: entry.size, to: entry.size });
  return pieces;
}

interface RawHeader {
  readonly path: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly size: number;
  readonly type: string;
  readonly target: Buffer;
  readonly device?: { readonly major: number; readonly minor: number };
}

function header(fields: RawHeader): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  const octal = (at: number, length: number, value: number) =>
    bytes.write(
      Math.max(0, value)
        .toString(8)
        .padStart(length - 1, '0'),
      at,
      'latin1',
    );
  fields.path.copy(bytes, 0, 0, 100);
  octal(100, 8, fields.mode);
  octal(108, 8, Math.min(fields.uid, 0o7777777));
  octal(116, 8, Math.min(fields.gid, 0o7777777));
  octal(124, 12, Math.min(fields.size, 0o77777777777));
  octal(136, 12, fields.mtime);
  bytes.write(fields.type, 156, 'latin1');
  fields.target.copy(bytes, 157, 0, 100);
  bytes.write('ustar\0' + '00', 257, 'latin1');
  octal(329, 8, fields.device?.major ?? 0);
  octal(337, 8, fields.device?.minor ?? 0);
  bytes.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of bytes) sum += byte;
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

/** `length name=value\n`, where the length counts itself. */
function record(name: string, value: string | Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(` ${name}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

function decimal(seconds: number, nanoseconds: number): string {
  return nanoseconds === 0 ? String(seconds) : `${String(seconds)}.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
}

function padding(size: number): Buffer {
  return ZEROS.subarray(0, (BLOCK - (size % BLOCK)) % BLOCK);
}
