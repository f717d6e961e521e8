import { lstatSync } from 'node:fs';
import { XlfsError } from '@xlfs/core';
import type { Entry, EntryType } from './entry.ts';
import { decodePath, encodePath } from './path.ts';

const TYPES: Readonly<Record<string, EntryType>> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  c: 'char',
  b: 'block',
  p: 'fifo',
  s: 'socket',
};

/** What find prints of each name: numbers with the stamp at their end, the path, a symlink's target. `path` is its word for the path below the root. */
export const format = (path: '%P' | '%p'): string => `%y %m %U %G %b %n %D:%i:%s:%T@:%C@\\0${path}\\0%l\\0`;

/** What a file looked like when it was listed: the same stamp means that its bytes need not be read again. */
export interface Stamped extends Entry {
  /** device:inode:size:mtime:ctime */
  readonly stamp: string;
}

/** Where a record of a listing lies: from `at` its fields, its path, its target, each with a zero byte behind it. */
interface Bounds {
  readonly at: number;
  readonly endOfFields: number;
  readonly endOfPath: number;
  readonly endOfTarget: number;
}

function* boundsIn(listing: Buffer): Generator<Bounds> {
  for (let at = 0; at < listing.length;) {
    const endOfFields = listing.indexOf(0, at);
    const endOfPath = listing.indexOf(0, endOfFields + 1);
    const endOfTarget = listing.indexOf(0, endOfPath + 1);
    yield { at, endOfFields, endOfPath, endOfTarget };
    at = endOfTarget + 1;
  }
}

/** The raw records of a listing, in its order: what is below a folder follows it at once. */
export function* records(listing: Buffer): Generator<{ record: Buffer; path: Buffer }> {
  for (const { at, endOfFields, endOfPath, endOfTarget } of boundsIn(listing))
    yield { record: listing.subarray(at, endOfTarget + 1), path: listing.subarray(endOfFields + 1, endOfPath) };
}

/** Device number of what a record is about. */
export function deviceIn(record: Buffer): string | undefined {
  return stampIn(record, 0, record.indexOf(0)).split(':')[0];
}

/** Each path of a listing with its stamp. */
export function* stampsIn(listing: Buffer): Generator<{ path: string; stamp: string }> {
  for (const { record, path } of records(listing)) yield { path: decodePath(path), stamp: stampIn(record, 0, record.indexOf(0)) };
}

/** Seconds at which what a stamp is about was last changed. */
export function changedAt(stamp: string): number {
  return Number(stamp.slice(stamp.lastIndexOf(':') + 1));
}

function stampIn(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', bytes.lastIndexOf(0x20, to) + 1, to);
}

/** Entries of a raw listing, in its order. */
export function* parseListing(listing: Buffer, real: string): Generator<Stamped> {
  const numbers = new Numbers(listing);
  for (const { at, endOfFields, endOfPath, endOfTarget } of boundsIn(listing)) {
    const path = decodePath(listing.subarray(endOfFields + 1, endOfPath));
    const kind = String.fromCharCode(listing[at] ?? 0);
    const type = TYPES[kind];
    if (type === undefined) throw new XlfsError('ASSEMBLY_FAILED', `/${path} has a type (${kind}) that no image can hold`);
    numbers.at = at + 2;
    const mode = numbers.next(8);
    const uid = numbers.next();
    const gid = numbers.next();
    const blocks = numbers.next();
    const links = numbers.next();
    const stamp = listing.toString('latin1', numbers.at, endOfFields);
    numbers.skip(2);
    const bytes = numbers.next();
    const size = type === 'file' ? bytes : 0;
    const mtime = numbers.next();
    const nanoseconds = numbers.fraction();
    // Filled in field by field: spreading what does not apply takes as long as all of the rest, a hundred thousand times.
    const entry: { -readonly [Field in keyof Stamped]: Stamped[Field] } = {
      path,
      type,
      mode,
      uid,
      gid,
      mtime,
      nanoseconds,
      size,
      stamp,
    };
    const absolute = path === '' ? real : `${real === '/' ? '' : real}/${path}`;
    if (type === 'file') entry.content = { file: absolute };
    if (type === 'file' && blocks * 512 < size) entry.sparse = true;
    if (type !== 'directory' && links > 1) entry.link = stamp.slice(0, stamp.indexOf(':', stamp.indexOf(':') + 1));
    if (type === 'symlink') entry.target = decodePath(listing.subarray(endOfPath + 1, endOfTarget));
    if (type === 'char' || type === 'block') entry.device = deviceOf(absolute);
    yield entry;
  }
}

/** Reads numbers out of text byte by byte: strings in between would be most of the work. */
class Numbers {
  at = 0;
  readonly #text: Buffer;

  constructor(text: Buffer) {
    this.#text = text;
  }

  /** The number that starts here; what is behind it is one byte further. */
  next(radix: 8 | 10 = 10): number {
    const negative = this.#text[this.at] === 0x2d;
    if (negative) this.at++;
    let value = 0;
    for (let digit = this.#digit(); digit >= 0; digit = this.#digit()) value = value * radix + digit;
    return negative ? -value : value;
  }

  skip(count: number): void {
    for (let index = 0; index < count; index++) this.at = this.#text.indexOf(0x3a, this.at) + 1;
  }

  /** Nanoseconds of the fraction that starts here, behind the point of a number of seconds; 0 when that had none. */
  fraction(): number {
    if (this.#text[this.at - 1] !== 0x2e) return 0;
    let value = 0;
    for (let index = 0; index < 9; index++) value = value * 10 + Math.max(this.#digit(), 0);
    return value;
  }

  #digit(): number {
    const digit = (this.#text[this.at++] ?? 0) - 0x30;
    return digit >= 0 && digit <= 9 ? digit : -1;
  }
}

function deviceOf(path: string): { major: number; minor: number } {
  const { rdev } = lstatSync(encodePath(path), { bigint: true });
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n);
  return { major: Number(major), minor: Number(minor) };
}
