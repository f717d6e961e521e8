import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { XlfsError } from '@xlfs/core';

const decompress = promisify(zstdDecompress);
/** Unpacked frames that are kept. */
const KEPT = 4;
/** The frame that is wanted, and those behind it that are unpacked meanwhile. */
const AHEAD = 3;

interface Frame {
  readonly at: number;
  readonly compressed: number;
  readonly from: number;
  readonly content: number;
}

/** Reads parts of a pack's content; frames that follow each other are unpacked ahead, on other cores. */
export class PackReader implements Disposable {
  readonly #path: string;
  readonly #fd: number;
  readonly #frames: readonly Frame[];
  readonly #unpacked = new Map<number, Promise<Buffer>>();

  constructor(path: string) {
    this.#path = path;
    try {
      this.#fd = openSync(path, 'r');
    } catch (cause) {
      throw new XlfsError('STORE_CORRUPT', `the pack ${path} is missing`, { cause });
    }
    this.#frames = this.#table();
  }

  [Symbol.dispose](): void {
    for (const frame of this.#unpacked.values()) frame.catch(() => undefined);
    closeSync(this.#fd);
  }

  /** `length` bytes of content from `from` on, frame by frame. @throws STORE_CORRUPT when the pack has no such part or is damaged. */
  async *read(from: number, length: number): AsyncGenerator<Buffer> {
    let index = this.#find(from);
    for (let at = from; at < from + length; index++) {
      const frame = this.#frames[index];
      if (frame === undefined) throw this.#corrupt('it is shorter than a snapshot says');
      const bytes = await this.#frame(index);
      const piece = bytes.subarray(at - frame.from, from + length - frame.from);
      yield piece;
      at += piece.length;
    }
  }

  #frame(index: number): Promise<Buffer> {
    for (let ahead = index; ahead < Math.min(index + AHEAD, this.#frames.length); ahead++) this.#fetch(ahead);
    for (const old of this.#unpacked.keys()) {
      if (this.#unpacked.size <= KEPT) break;
      if (old < index || old >= index + AHEAD) this.#unpacked.delete(old);
    }
    return this.#unpacked.get(index) ?? Promise.reject(this.#corrupt('a frame is missing'));
  }

  #fetch(index: number): void {
    const frame = this.#frames[index];
    if (this.#unpacked.has(index) || frame === undefined) return;
    const bytes = this.#bytes(frame.at, frame.compressed);
    const unpacked = decompress(bytes, { maxOutputLength: frame.content, chunkSize: Math.max(frame.content + 1, 64) }).then(
      (content) => {
        if (content.length !== frame.content) throw this.#corrupt('a frame is not as long as it should be');
        return content;
      },
      (cause: unknown) => {
        throw this.#corrupt('a frame cannot be unpacked', cause);
      },
    );
    unpacked.catch(() => undefined);
    this.#unpacked.set(index, unpacked);
  }

  #find(position: number): number {
    let low = 0;
    let high = this.#frames.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#frames[middle]?.from ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #table(): Frame[] {
    const { size } = fstatSync(this.#fd);
    const footer = size < 17 ? Buffer.alloc(9) : this.#bytes(size - 9, 9);
    const count = footer.readUInt32LE(0);
    const start = size - 17 - count * 8;
    if (footer.readUInt32LE(5) !== 0x8f92eab1 || start < 0) throw this.#corrupt('its table is missing');
    const table = this.#bytes(start + 8, count * 8);
    const frames: Frame[] = [];
    let at = 0;
    let from = 0;
    for (let index = 0; index < count; index++) {
      const compressed = table.readUInt32LE(index * 8);
      const content = table.readUInt32LE(index * 8 + 4);
      frames.push({ at, compressed, from, content });
      at += compressed;
      from += content;
    }
    if (at !== start) throw this.#corrupt('its table does not fit it');
    return frames;
  }

  #bytes(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const count = readSync(this.#fd, bytes, done, length - done, offset + done);
      if (count === 0) throw this.#corrupt('it ends too early');
      done += count;
    }
    return bytes;
  }

  #corrupt(what: string, cause?: unknown): XlfsError {
    return new XlfsError('STORE_CORRUPT', `the pack ${this.#path} is damaged: ${what}`, {
      hint: 'Take the snapshot again, or restore the pack from a copy.',
      cause,
    });
  }
}
