import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../testing/scratch.ts';
import { PackReader } from './pack-reader.ts';
import { FRAME } from './pack-tables.ts';
import { PackWriter } from './pack-writer.ts';

const scratch = scratchFolder();

it('contents are read from a pack in any order: back to an earlier frame, and across several', async () => {
  const path = join(scratch, 'pack');
  const content = Buffer.concat(Array.from({ length: 9 }, (_, index) => Buffer.alloc(FRAME, randomBytes(64 + index))));
  const writer = new PackWriter(path);
  await writer.add(content);
  await writer.end([]);
  await writer.close();
  await using reader = new PackReader(path);
  const at = async (from: number, length: number) => {
    const pieces: Buffer[] = [];
    for await (const piece of reader.read(from, length)) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  };
  for (const frame of [0, 1, 2, 3, 1, 2, 0, 4, 3, 8, 5, 6, 4, 8, 7, 0]) {
    const from = frame * FRAME + 17;
    expect((await at(from, 1000)).equals(content.subarray(from, from + 1000)), `frame ${String(frame)}`).toBe(true);
  }
  expect((await at(100, content.length - 200)).equals(content.subarray(100, -100))).toBe(true);
});
