import { XlfsError } from '@xlfs/core';
import type { EntryType } from '../tree/entry.ts';
import { decodePath } from '../tree/path.ts';
import type { ArchiveFile, RawEntry } from './raw-entry.ts';

const BLOCK = 512;
/** A longer extended header is not believed. */
const MAX_META = 1 << 20;
const XATTR = 'SCHILY.xattr.';
const TYPES: Readonly<Record<string, EntryType | 'hardlink'>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

type Pax = Map<string, Buffer>;

/** Entries of a tar archive: ustar, pax and GNU's long names, GNU's sparse format 1.0 (tar(5); GNU tar manual, "Storing Sparse Files"). */
export function* readTar(archive: ArchiveFile): Generator<RawEntry> {
  let pax: Pax = new Map();
  const global: Pax = new Map();
  let longName: Buffer | undefined;
  let longTarget: Buffer | undefined;
  for (let at = 0; at + BLOCK <= archive.size;) {
    const header = archive.read(at, BLOCK);
    if (header.every((byte) => byte === 0)) return;
    checkSum(header, at);
    const kind = String.fromCharCode(header[156] ?? 0);
    const stated = number(header.subarray(124, 136), 'size');
    const offset = at + BLOCK;
    if (kind === 'x' || kind === 'g' || kind === 'L' || kind === 'K') {
      if (stated > MAX_META) throw invalid(`an extended header has ${String(stated)} bytes`);
      const body = archive.read(offset, stated);
      if (kind === 'x') pax = new Map([...pax, ...records(body)]);
      else if (kind === 'g') for (const [key, value] of records(body)) global.set(key, value);
      else if (kind === 'L') longName = cString(body);
      else longTarget = cString(body);
      at = offset + blocks(stated);
      continue;
    }
    const extended = new Map([...global, ...pax]);
    const size = decimal(extended.get('size'), stated);
    if (offset + size > archive.size) throw invalid('it ends in the middle of a file');
    const path = decodePath(extended.get('GNU.sparse.name') ?? extended.get('path') ?? longName ?? ustarName(header));
    const type = path.endsWith('/') && (kind === '0' || kind === '\0') ? 'directory' : TYPES[kind];
    if (type === undefined) throw invalid(`/${path} has a type (${JSON.stringify(kind)}) that is not read here`);
    const target = decodePath(extended.get('linkpath') ?? longTarget ?? cString(header.subarray(157, 257)));
    yield entryOf({ header, path, type, size, offset, target, extended, archive });
    at = offset + blocks(type === 'file' || type === 'hardlink' ? size : 0);
    pax = new Map();
    longName = undefined;
    longTarget = undefined;
  }
}

interface Parts {
  readonly header: Buffer;
  readonly path: string;
  readonly type: EntryType | 'hardlink';
  readonly size: number;
  readonly offset: number;
  readonly target: string;
  readonly extended: Pax;
  readonly archive: ArchiveFile;
}

function entryOf({ header, path, type, size, offset, target, extended, archive }: Parts): RawEntry {
  const field = (from: number, to: number, what: string) => number(header.subarray(from, to), `${what} of /${path}`);
  const [seconds = '', fraction = ''] = (extended.get('mtime')?.toString('latin1') ?? '').split('.');
  const mtime = seconds === '' ? field(136, 148, 'time') : Number(seconds);
  if (!Number.isSafeInteger(mtime)) throw invalid(`/${path} has a time that is no number`);
  const sparse = [...extended.keys()].some((key) => key.startsWith('GNU.sparse.'))
    ? sparseMap(path, size, offset, extended, archive)
    : undefined;
  const xattrs = [...extended]
    .filter(([key]) => key.startsWith(XATTR))
    .map(([key, value]) => [key.slice(XATTR.length), value] as const);
  return {
    path,
    type,
    mode: field(100, 108, 'mode') & 0o7777,
    uid: decimal(extended.get('uid'), field(108, 116, 'owner')),
    gid: decimal(extended.get('gid'), field(116, 124, 'group')),
    mtime,
    nanoseconds: /^[0-9]+$/.test(fraction) ? Number(fraction.padEnd(9, '0').slice(0, 9)) : 0,
    size: type === 'file' ? (sparse?.size ?? size) : 0,
    offset: sparse?.offset ?? offset,
    ...(sparse === undefined ? {} : { pieces: sparse.pieces }),
    ...(type === 'symlink' || type === 'hardlink' ? { target } : {}),
    ...(type === 'char' || type === 'block'
      ? { device: { major: field(329, 337, 'device'), minor: field(337, 345, 'device') } }
      : {}),
    ...(xattrs.length > 0 ? { xattrs: Object.fromEntries(xattrs) } : {}),
  };
}

/** The list of data ranges at the start of a sparse file's data: decimal lines, filled up to a block. */
function sparseMap(
  path: string,
  size: number,
  offset: number,
  extended: Pax,
  archive: ArchiveFile,
): { size: number; offset: number; pieces: { from: number; length: number }[] } {
  if (extended.get('GNU.sparse.major')?.toString() !== '1' || extended.get('GNU.sparse.minor')?.toString() !== '0') {
    throw invalid(`/${path} is a sparse file in a form that is not read here`);
  }
  const real = decimal(extended.get('GNU.sparse.realsize'), 0);
  let text = '';
  let read = 0;
  const count = () => Number(/^([0-9]+)\n/.exec(text)?.[1] ?? NaN);
  const complete = () => text.split('\n').length > 1 + 2 * count();
  while (!complete()) {
    if (read + BLOCK > size || read >= MAX_META) throw invalid(`/${path} is a sparse file without a list of its pieces`);
    text += archive.read(offset + read, BLOCK).toString('latin1');
    read += BLOCK;
  }
  const numbers = text
    .split('\n')
    .slice(1, 1 + 2 * count())
    .map(Number);
  const pieces: { from: number; length: number }[] = [];
  let end = 0;
  let data = read;
  for (let at = 0; at < numbers.length; at += 2) {
    const from = numbers[at] ?? NaN;
    const length = numbers[at + 1] ?? NaN;
    const sane = Number.isSafeInteger(from) && Number.isSafeInteger(length) && from >= end && from + length <= real;
    if (!sane) throw invalid(`/${path} is a sparse file whose pieces overlap or lie outside of it`);
    pieces.push({ from, length });
    end = from + length;
    data += length;
  }
  if (data > size) throw invalid(`/${path} is a sparse file with less data than it lists`);
  return { size: real, offset: offset + read, pieces };
}

function records(body: Buffer): Pax {
  const found: Pax = new Map();
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString('latin1', at, space));
    const equals = body.indexOf(0x3d, space);
    const sane =
      space > at &&
      Number.isSafeInteger(length) &&
      length > space - at &&
      at + length <= body.length &&
      equals > space &&
      equals < at + length;
    if (!sane || body[at + length - 1] !== 0x0a) throw invalid('an extended header is not written as it should be');
    found.set(body.toString('utf8', space + 1, equals), body.subarray(equals + 1, at + length - 1));
    at += length;
  }
  return found;
}

function checkSum(header: Buffer, at: number): void {
  const stated = number(header.subarray(148, 156), 'checksum');
  let sum = 8 * 0x20;
  for (let index = 0; index < BLOCK; index++) if (index < 148 || index >= 156) sum += header[index] ?? 0;
  if (stated !== sum) throw invalid(`the header at byte ${String(at)} has a wrong checksum`);
}

/** Octal text, or GNU's base 256 with the first bit set. */
function number(field: Buffer, what: string): number {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    let value = (field[0] ?? 0) & 0x7f;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    if (!Number.isSafeInteger(value)) throw invalid(`the ${what} is no number that can be`);
    return value;
  }
  const text = field.toString('latin1').replace(/\0.*$/s, '').trim();
  if (!/^[0-7]*$/.test(text)) throw invalid(`the ${what} is no number`);
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function decimal(text: Buffer | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = text.toString('latin1');
  if (!/^[0-9]{1,15}$/.test(value)) throw invalid('an extended header has a number that is none');
  return Number(value);
}

function ustarName(header: Buffer): Buffer {
  const name = cString(header.subarray(0, 100));
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? cString(header.subarray(345, 500)) : Buffer.alloc(0);
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
}

function cString(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function blocks(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

function invalid(what: string): XlfsError {
  return new XlfsError('ARCHIVE_INVALID', `the tar archive cannot be used: ${what}`);
}
