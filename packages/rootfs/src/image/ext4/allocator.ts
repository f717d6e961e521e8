import { XlfsError } from '@xlfs/core';
import { BLOCK, superblockRanges, type Layout } from './layout.ts';

/** Consecutive blocks. */
export interface Run {
  readonly start: number;
  readonly length: number;
}

/** Hands out blocks from the front, around the superblock copies, and remembers which are used. */
export class Allocator {
  /** One bit a block, least significant first, as on disk. */
  readonly used: Uint8Array;
  readonly #blocks: number;
  readonly #reserved: readonly [number, number][];
  #next = 0;

  constructor(layout: Layout) {
    this.#blocks = layout.blocks;
    this.#reserved = superblockRanges(layout);
    this.used = new Uint8Array(Math.ceil((layout.groups * BLOCK * 8) / 8));
    for (const [from, to] of this.#reserved) this.#mark(from, to);
    // What lies behind the end in the last group's bitmap counts as used.
    this.#mark(layout.blocks, layout.groups * BLOCK * 8);
    this.#skip();
  }

  /** `count` blocks in as few runs as possible. */
  take(count: number): Run[] {
    const runs: Run[] = [];
    for (let left = count; left > 0;) {
      const length = Math.min(left, this.#room());
      runs.push(this.#claim(length));
      left -= length;
    }
    return runs;
  }

  /** `count` blocks in one run: inode tables must not be split. */
  takeRun(count: number): Run {
    while (this.#room() < count) {
      this.#next += this.#room();
      this.#skip();
    }
    return this.#claim(count);
  }

  #claim(length: number): Run {
    const start = this.#next;
    this.#mark(start, start + length);
    this.#next += length;
    this.#skip();
    return { start, length };
  }

  /** Free blocks from here to the next superblock copy or the end. */
  #room(): number {
    const stop = this.#reserved.find(([from]) => from > this.#next)?.[0] ?? this.#blocks;
    const room = Math.min(stop, this.#blocks) - this.#next;
    if (room <= 0) {
      throw new XlfsError('NO_SPACE', `the tree does not fit into an image of ${String(this.#blocks * BLOCK)} bytes`, {
        hint: 'Give a larger size, or none to have it fitted.',
      });
    }
    return room;
  }

  #skip(): void {
    const range = this.#reserved.find(([from, to]) => this.#next >= from && this.#next < to);
    if (range !== undefined) this.#next = range[1];
  }

  #mark(from: number, to: number): void {
    let at = from;
    for (; at < to && at % 8 !== 0; at++) this.used[at >> 3] = (this.used[at >> 3] ?? 0) | (1 << (at & 7));
    const whole = to - (to % 8);
    if (at < whole) this.used.fill(0xff, at >> 3, whole >> 3);
    for (at = Math.max(at, whole); at < to; at++) this.used[at >> 3] = (this.used[at >> 3] ?? 0) | (1 << (at & 7));
  }
}
