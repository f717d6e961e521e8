import { XlfsError } from '@xlfs/core';

/**
 * File names are bytes; a path here is a string that holds any of them. Valid UTF-8 is itself; every other byte b becomes the lone
 * surrogate U+DC00+b, as in Python's `surrogateescape`, so that decoding and encoding lose nothing.
 */
export function decodePath(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let result = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) result += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    else result += bytes.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return result;
}

/** The bytes of a path; the inverse of {@link decodePath}. */
export function encodePath(path: string): Buffer {
  if (path.isWellFormed()) return Buffer.from(path, 'utf8');
  const parts: Buffer[] = [];
  for (const char of path) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) parts.push(Buffer.from([code - 0xdc00]));
    else parts.push(Buffer.from(char, 'utf8'));
  }
  return Buffer.concat(parts);
}

/**
 * A path below a root in its one spelling: no leading slash, no `.` or empty parts; the root itself is `''`.
 * @throws ARCHIVE_ESCAPES for a `..` part, ARCHIVE_INVALID for a NUL or a name longer than Linux's 255 bytes.
 */
export function treePath(path: string): string {
  if (path.includes('\0')) throw new XlfsError('ARCHIVE_INVALID', `path ${JSON.stringify(path)} has a NUL byte in it`);
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  for (const part of parts) {
    if (part === '..') throw new XlfsError('ARCHIVE_ESCAPES', `path ${JSON.stringify(path)} would leave the root through ..`);
    if (part.length > 85 && encodePath(part).length > 255) {
      throw new XlfsError('ARCHIVE_INVALID', `a name in ${JSON.stringify(path)} is longer than 255 bytes`);
    }
  }
  return parts.join('/');
}

/** Path of the folder that holds `path`; `''` for a top-level name. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Order of names in a tree: a folder right before what it holds, siblings by code unit. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    if (left === 0x2f) return -1;
    if (right === 0x2f) return 1;
    return left - right;
  }
  return a.length - b.length;
}

/** Length of the valid UTF-8 sequence at `at`, or 0. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  return bytes.toString('utf8', at, at + length).includes('\ufffd') && !isReplacement(bytes, at) ? 0 : length;
}

/** U+FFFD itself, well encoded, is a valid character of a name. */
function isReplacement(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
}
