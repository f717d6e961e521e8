import { Header, Pax } from 'tar';
import { XlfsError } from '../../errors.ts';
import type { ArchiveEntry } from './entry.ts';

/** What a scanner makes of a chunk: entries, each followed by its content in pieces. */
export type ArchiveItem = { readonly entry: ArchiveEntry } | { readonly content: Buffer };

const BLOCK = 512;
/** Longest extended header that is believed. */
const MAX_META_BYTES = 1 << 20;
/** Largest file that a plain header can tell. */
const MAX_FILE_BYTES = 0o77777777777;

const entryTypes: Readonly<Record<string, ArchiveEntry['type']>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'directory',
  SymbolicLink: 'symlink',
  Link: 'hardlink',
};

const metaTypes = new Set([
  'ExtendedHeader',
  'OldExtendedHeader',
  'GlobalExtendedHeader',
  'NextFileHasLongPath',
  'OldGnuLongPath',
  'NextFileHasLongLinkpath',
]);

/**
 * Walks a tar stream (ustar, pax, GNU; POSIX.1-2017 pax, and tar(5)) chunk by chunk. It reads only what source tarballs are made of:
 * sparse files, devices, volume headers and the like are errors.
 *
 * Content is handed on in slices of the chunk, uncopied: a kernel tree is 1.5 GB.
 */
export class ArchiveScanner {
  #pending: Buffer = Buffer.alloc(0);
  #content = 0;
  #padding = 0;
  #meta: { readonly type: string; readonly size: number } | undefined;
  #ended = false;
  #pax: Pax | undefined;
  #globalPax: Pax | undefined;
  #longPath: string | undefined;
  #longTarget: string | undefined;

  /** @throws XlfsError `ARCHIVE_INVALID`. */
  push(chunk: Buffer): ArchiveItem[] {
    const items: ArchiveItem[] = [];
    let data = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (data.length > 0 && !this.#ended) {
      if (this.#content > 0) {
        const content = data.subarray(0, this.#content);
        items.push({ content });
        this.#content -= content.length;
        data = data.subarray(content.length);
      } else if (this.#padding > 0) {
        const skipped = Math.min(this.#padding, data.length);
        this.#padding -= skipped;
        data = data.subarray(skipped);
      } else if (this.#meta !== undefined) {
        if (data.length < this.#meta.size) break;
        this.#readMeta(this.#meta.type, data.subarray(0, this.#meta.size));
        data = data.subarray(this.#meta.size);
        this.#padding = paddingAfter(this.#meta.size);
        this.#meta = undefined;
      } else {
        if (data.length < BLOCK) break;
        const entry = this.#readHeader(data.subarray(0, BLOCK));
        if (entry !== undefined) items.push({ entry });
        data = data.subarray(BLOCK);
      }
    }
    this.#pending = this.#ended ? Buffer.alloc(0) : Buffer.from(data);
    return items;
  }

  /** @throws XlfsError `ARCHIVE_INVALID` when the stream breaks off inside an entry. */
  end(): void {
    if (this.#ended) return;
    if (this.#content > 0 || this.#padding > 0 || this.#meta !== undefined || this.#pending.length > 0) {
      throw invalid('it breaks off in the middle of an entry', 'the file is truncated: fetch it again');
    }
  }

  #readHeader(block: Buffer): ArchiveEntry | undefined {
    const whole = decodeHeader(block, this.#pax, this.#globalPax);
    if (whole.nullBlock) {
      this.#ended = true;
      return undefined;
    }
    if (!whole.cksumValid) throw invalid('a header has a wrong checksum');
    // A long name that is cut off behind a slash would be taken for that of a folder, and its content for headers.
    const header = this.#longPath === undefined ? whole : decodeHeader(withoutName(block), this.#pax, this.#globalPax);
    const size = header.size ?? 0;
    if (!Number.isSafeInteger(size) || size > MAX_FILE_BYTES) throw invalid(`an entry claims ${String(size)} bytes`);
    if (metaTypes.has(header.type)) {
      if (size > MAX_META_BYTES) throw invalid(`an extended header claims ${String(size)} bytes`);
      // An empty one says nothing.
      this.#meta = size === 0 ? undefined : { type: header.type, size };
      return undefined;
    }
    const path = this.#longPath ?? header.path ?? '';
    const type = entryTypes[header.type];
    if (type === undefined) throw invalid(`${JSON.stringify(path)} is of type ${header.type}, which no source tarball needs`);
    const target = type === 'symlink' || type === 'hardlink' ? (this.#longTarget ?? header.linkpath ?? '') : '';
    this.#pax = undefined;
    this.#longPath = undefined;
    this.#longTarget = undefined;
    if (type !== 'file' && size > 0 && type !== 'directory') throw invalid(`${JSON.stringify(path)} is a link with content`);
    if (type === 'file' && header.size === undefined) throw invalid(`${JSON.stringify(path)} has no size`);
    const bytes = type === 'file' ? size : 0;
    this.#content = bytes;
    this.#padding = paddingAfter(bytes);
    const seconds = Math.floor((header.mtime?.getTime() ?? 0) / 1000);
    return {
      type,
      path,
      target,
      mode: header.mode ?? 0o644,
      size: bytes,
      mtime: Number.isFinite(seconds) ? Math.max(0, seconds) : 0,
    };
  }

  #readMeta(type: string, data: Buffer): void {
    const text = data.toString('utf8');
    switch (type) {
      case 'NextFileHasLongPath':
      case 'OldGnuLongPath':
        this.#longPath = untilNul(text);
        break;
      case 'NextFileHasLongLinkpath':
        this.#longTarget = untilNul(text);
        break;
      case 'GlobalExtendedHeader':
        if (/^\d+ (path|linkpath|size)=/m.test(text)) throw invalid('a global header sets the name or size of every entry');
        this.#globalPax = Pax.parse(text, this.#globalPax, true);
        break;
      default:
        if (/^\d+ GNU\.sparse\./m.test(text)) throw invalid('it has sparse files, which no source tarball needs');
        this.#pax = Pax.parse(text, this.#pax, false);
    }
  }
}

function decodeHeader(block: Buffer, pax: Pax | undefined, globalPax: Pax | undefined): Header {
  try {
    return new Header(block, 0, pax, globalPax);
  } catch (cause) {
    throw invalid(`a header cannot be read: ${(cause as Error).message}`);
  }
}

function withoutName(block: Buffer): Buffer {
  return Buffer.from(block).fill(0, 0, 100);
}

function paddingAfter(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function untilNul(text: string): string {
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

function invalid(why: string, hint = 'the file is damaged or hostile: compare it with the upstream release'): XlfsError {
  return new XlfsError('ARCHIVE_INVALID', `not a usable tar archive: ${why}`, { hint });
}
