import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { LayerEntry } from './manifest.ts';

/** Overlay's own bookkeeping in attributes; `opaque` alone has a meaning for us. */
const OVERLAY_XATTR = /^(user|trusted)\.overlay\./;
const OPAQUE_XATTR = /^(user|trusted)\.overlay\.opaque$/;

/** Reads a layer's tree (an overlay's upper folder) into manifest entries, in the order of a walk. Has to run as namespace root. */
export function scanTree(root: string): LayerEntry[] {
  const xattrs = readXattrs(root);
  const entries: LayerEntry[] = [];
  const walk = (folder: string): void => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const stats = lstatSync(join(root, path));
      const entry = describe(root, path, stats, xattrs.get(path) ?? {});
      if (entry !== undefined) entries.push(entry);
      if (stats.isDirectory()) walk(path);
    }
  };
  walk('');
  return entries;
}

/** Extended attributes of a tree by path relative to it; values in base64. One run of getfattr, as Node cannot read them. */
export function readXattrs(root: string): Map<string, Record<string, string>> {
  const text = execFileSync('getfattr', ['-R', '-P', '-h', '-d', '-m', '-', '-e', 'base64', '.'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const found = new Map<string, Record<string, string>>();
  let current: Record<string, string> = {};
  for (const line of text.split('\n')) {
    if (line.startsWith('# file: ')) {
      current = {};
      found.set(unescapeOctal(line.slice('# file: '.length)).replace(/^\.\//, ''), current);
    } else {
      const match = /^([^=]+)=0s(.*)$/.exec(line) ?? /^([^=]+)=?()$/.exec(line);
      if (match?.[1]) current[match[1]] = match[2] ?? '';
    }
  }
  return found;
}

export function hashFile(path: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(1 << 18);
  const fd = openSync(path, 'r');
  try {
    for (;;) {
      const bytes = readSync(fd, buffer, 0, buffer.length, null);
      if (bytes === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytes));
    }
  } finally {
    closeSync(fd);
  }
}

/** getfattr writes backslash, newline and the like in names as `\ooo`. */
function unescapeOctal(name: string): string {
  if (!name.includes('\\')) return name;
  const bytes = Buffer.from(name, 'utf8').toString('latin1');
  return Buffer.from(
    bytes.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    'latin1',
  ).toString('utf8');
}

/** Sockets are nobody's content: they are left out. */
function describe(root: string, path: string, stats: Stats, xattrs: Record<string, string>): LayerEntry | undefined {
  const common = { path, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
  const own = Object.entries(xattrs).filter(([name]) => !OVERLAY_XATTR.test(name));
  const attributes = own.length === 0 ? {} : { xattrs: Object.fromEntries(own) };
  if (stats.isDirectory()) {
    const opaque = Object.keys(xattrs).some((name) => OPAQUE_XATTR.test(name));
    return { ...common, type: 'dir', ...(opaque ? { opaque: true as const } : {}), ...attributes };
  }
  if (stats.isFile()) return { ...common, type: 'file', size: stats.size, sha256: hashFile(join(root, path)), ...attributes };
  if (stats.isSymbolicLink()) return { ...common, mode: 0o777, type: 'symlink', target: readlinkSync(join(root, path)) };
  if (stats.isFIFO()) return { ...common, type: 'fifo', ...attributes };
  if (stats.isCharacterDevice()) {
    // An overlay whiteout: the device number 0:0 stands for nothing else.
    if (stats.rdev === 0) return { path, type: 'removed', mode: 0, uid: 0, gid: 0 };
    return { ...common, type: 'char', device: deviceNumbers(stats.rdev), ...attributes };
  }
  if (stats.isBlockDevice()) return { ...common, type: 'block', device: deviceNumbers(stats.rdev), ...attributes };
  return undefined;
}

/** glibc's split of a 64-bit dev_t. */
function deviceNumbers(rdev: number): readonly [number, number] {
  const value = BigInt(rdev);
  const major = ((value >> 8n) & 0xfffn) | ((value >> 32n) & 0xfffff000n);
  const minor = (value & 0xffn) | ((value >> 12n) & 0xffffff00n);
  return [Number(major), Number(minor)];
}
