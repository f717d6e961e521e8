import { XlfsError } from '@xlfs/core';
import { entryTypeOf } from '../tree/file-type.ts';
import { decodePath } from '../tree/path.ts';
import type { ArchiveFile, RawEntry } from './raw-entry.ts';

const HEADER = 110;

/** Entries of a newc archive (cpio(5)), with or without checksums; what the kernel takes as an initramfs. */
export function* readCpio(archive: ArchiveFile): Generator<RawEntry> {
  for (let at = 0; at < archive.size;) {
    const left = archive.read(at, Math.min(HEADER, archive.size - at));
    if (left.every((byte) => byte === 0)) {
      // Padding, at the end or before the next archive of an initramfs in several parts.
      at += left.length - (left.length % 4) || left.length;
      continue;
    }
    const header = left.toString('latin1');
    const magic = header.slice(0, 6);
    if (header.length < HEADER) throw invalid('it ends in the middle of a header');
    if (magic !== '070701' && magic !== '070702') {
      if (/^\0/.test(header)) {
        at += 4;
        continue;
      }
      throw invalid(`at byte ${String(at)} there is no header`);
    }
    const field = (index: number) => hex(header.slice(6 + index * 8, 14 + index * 8), at);
    const size = field(6);
    const nameLength = field(11);
    if (nameLength === 0 || nameLength > 4097) throw invalid(`a name has ${String(nameLength)} bytes`);
    const name = archive.read(at + HEADER, nameLength);
    if (name[nameLength - 1] !== 0 || name.indexOf(0) !== nameLength - 1) throw invalid('a name does not end where it should');
    const offset = align(at + HEADER + nameLength);
    at = align(offset + size);
    if (offset + size > archive.size) throw invalid('it ends in the middle of a file');
    const path = decodePath(name.subarray(0, -1));
    if (path === 'TRAILER!!!') continue;
    const type = entryTypeOf(field(1));
    if (type === undefined) throw invalid(`/${path} has no type that is known (mode 0${field(1).toString(8)})`);
    if (type !== 'file' && type !== 'symlink' && size > 0) throw invalid(`/${path} is a ${type} with content`);
    if (type === 'symlink' && size > 4095) throw invalid(`the target of the symlink /${path} is too long`);
    const device = type === 'char' || type === 'block';
    yield {
      path,
      type,
      mode: field(1) & 0o7777,
      uid: field(2),
      gid: field(3),
      mtime: field(5),
      nanoseconds: 0,
      size: type === 'file' ? size : 0,
      offset,
      ...(type === 'symlink' ? { target: decodePath(archive.read(offset, size)) } : {}),
      ...(device ? { device: { major: field(9), minor: field(10) } } : {}),
      ...(field(4) > 1 && type === 'file' ? { inode: `${String(field(7))}:${String(field(8))}:${String(field(0))}` } : {}),
    };
  }
}

function hex(text: string, at: number): number {
  if (!/^[0-9a-fA-F]{8}$/.test(text)) throw invalid(`the header at byte ${String(at)} has a field that is no number`);
  return Number.parseInt(text, 16);
}

function align(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}

function invalid(what: string): XlfsError {
  return new XlfsError('ARCHIVE_INVALID', `the cpio archive cannot be used: ${what}`);
}
