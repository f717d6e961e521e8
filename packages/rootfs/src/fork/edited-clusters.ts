import { spawn } from 'node:child_process';
import { closeSync, existsSync, ftruncateSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { temporaryBeside, flush } from '../store/atomic.ts';
import { collect, requireSuccess } from '../tree/process.ts';
import { editExt4, type Ext4Edits } from '../image/ext4/edit.ts';

/** Bytes of a cluster of an edited child: an edit touches blocks here and there, and each brings its cluster along. */
export const CLUSTER = 1 << 14;
const CHUNK = 1 << 20;

/**
 * The clusters that an edit of a disk's ext4 file system would change, without writing to the disk and without copying it. The edit is made
 * in a skeleton that has the metadata only (e2image); debugfs records which blocks it changes.
 * @param skeleton where the skeleton of this disk is kept; made when it is not there.
 */
export async function editedClusters(disk: string, skeleton: string, edits: Ext4Edits): Promise<Map<number, Buffer>> {
  if (!existsSync(`${skeleton}.map`)) await makeSkeleton(disk, skeleton);
  const copy = temporaryBeside(skeleton);
  const undo = `${copy}.undo`;
  try {
    copyStretches(skeleton, copy);
    await editExt4(copy, { ...edits, undo });
    return clustersOf(disk, copy, changedBytes(undo));
  } finally {
    await Promise.all([rm(copy, { force: true }), rm(undo, { force: true })]);
  }
}

/** Metadata of the file system in a file with holes, and a list of where it has data. */
async function makeSkeleton(disk: string, skeleton: string): Promise<void> {
  const temporary = temporaryBeside(skeleton);
  try {
    const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
    requireSuccess(
      await collect(spawn('e2image', ['-r', disk, temporary], { env, stdio: ['ignore', 'ignore', 'pipe'] }), 'e2image'),
    );
    await flush(temporary);
    await rename(temporary, skeleton);
    const map = temporaryBeside(`${skeleton}.map`);
    await writeFile(map, JSON.stringify(dataStretches(skeleton)), { flag: 'wx' });
    await rename(map, `${skeleton}.map`);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** [from, length] of what is not zero, in whole blocks. */
function dataStretches(path: string): [number, number][] {
  const stretches: [number, number][] = [];
  const zeros = Buffer.alloc(4096);
  const buffer = Buffer.allocUnsafe(CHUNK);
  const fd = openSync(path, 'r');
  try {
    for (let offset = 0; ;) {
      const count = readSync(fd, buffer, 0, CHUNK, offset);
      if (count === 0) return stretches;
      for (let at = 0; at < count; at += 4096) {
        const block = buffer.subarray(at, Math.min(at + 4096, count));
        if (block.equals(zeros.subarray(0, block.length))) continue;
        const last = stretches.at(-1);
        if (last !== undefined && last[0] + last[1] === offset + at) last[1] += block.length;
        else stretches.push([offset + at, block.length]);
      }
      offset += count;
    }
  } finally {
    closeSync(fd);
  }
}

function copyStretches(from: string, to: string): void {
  const stretches = JSON.parse(readFileSync(`${from}.map`, 'utf8')) as [number, number][];
  const source = openSync(from, 'r');
  const target = openSync(to, 'wx', 0o600);
  try {
    ftruncateSync(target, fstatSync(source).size);
    for (const [at, length] of stretches) {
      const buffer = Buffer.allocUnsafe(length);
      readSync(source, buffer, 0, length, at);
      writeSync(target, buffer, 0, length, at);
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

/** Ranges in an undo file (e2fsprogs, lib/ext2fs/undo_io.c): blocks of keys, each followed by the old data of its keys. */
function changedBytes(undo: string): { from: number; length: number }[] {
  const bytes = readFileSync(undo);
  const blockSize = bytes.readUInt32LE(32);
  const keysPerBlock = blockSize / 16 - 1;
  const ranges: { from: number; length: number }[] = [];
  let block = Number(bytes.readBigUInt64LE(24));
  for (let left = Number(bytes.readBigUInt64LE(8)); left > 0;) {
    const here = Math.min(left, keysPerBlock);
    let next = block + 1;
    for (let key = 0; key < here; key++) {
      const at = block * blockSize + 16 + key * 16;
      const length = bytes.readUInt32LE(at + 12);
      ranges.push({ from: Number(bytes.readBigUInt64LE(at)) * blockSize, length });
      next += Math.ceil(length / blockSize);
    }
    left -= here;
    block = next;
  }
  return ranges;
}

function clustersOf(disk: string, copy: string, ranges: readonly { from: number; length: number }[]): Map<number, Buffer> {
  const clusters = new Map<number, Buffer>();
  const base = openSync(disk, 'r');
  const edited = openSync(copy, 'r');
  try {
    for (const { from, length } of ranges) {
      for (let at = from; at < from + length;) {
        const number = Math.floor(at / CLUSTER);
        let cluster = clusters.get(number);
        if (cluster === undefined) {
          cluster = Buffer.alloc(CLUSTER);
          readSync(base, cluster, 0, CLUSTER, number * CLUSTER);
          clusters.set(number, cluster);
        }
        const within = at - number * CLUSTER;
        const count = Math.min(CLUSTER - within, from + length - at);
        readSync(edited, cluster, within, count, at);
        at += count;
      }
    }
  } finally {
    closeSync(base);
    closeSync(edited);
  }
  return clusters;
}
