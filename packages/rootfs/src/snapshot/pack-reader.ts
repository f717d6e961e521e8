import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { XlfsError } from '@xlfs/core';
import type { UnpackJob } from './frame-worker.ts';
import { FrameWorkers, runHere } from './frame-workers.ts';
import { parseContents, parseSeekTable, FRAME, SEEK_FOOTER, seekTableSize, type PackedContent } from './pack-tables.ts';

/** Unpacked frames that are kept: 64 MB. */
const KEPT = 16;
/** The frame that is wanted, and those behind it that are unpacked meanwhile. */
const AHEAD = 5;

interface Frame {
  readonly at: number;
  readonly compressed: number;
  readonly from: number;
  readonly content: number;
}

/** A frame in memory, or on its way there. */
interface Unpacked {
  readonly memory: SharedArrayBuffer;
  readonly ready: Promise<Buffer>;
  /** Once it is there. */
  bytes?: Buffer;
  /** Readers that are at a piece of it: its memory is not used again before they go on. */
  readers: number;
}

/** Reads parts of a pack's content; frames that follow each other are unpacked ahead, on other cores. */
export class PackReader implements AsyncDisposable {
  readonly #path: string;
  readonly #fd: number;
  readonly #frames: readonly Frame[];
  /** What lies in it. */
  readonly contents: readonly PackedContent[];
  readonly #unpacked = new Map<number, Unpacked>();
  readonly #spare: SharedArrayBuffer[] = [];
  readonly #workers = new FrameWorkers();
  #asked = 0;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#fd = openSync(path, 'r');
    } catch (cause) {
      throw new XlfsError('STORE_CORRUPT', `the pack ${path} is missing`, { cause });
    }
    try {
      const { frames, contents } = this.#tables();
      this.#frames = frames;
      this.contents = contents;
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Workers read from it until they have ended.
    await this.#workers.close();
    closeSync(this.#fd);
  }

  /**
   * `length` bytes of content from `from` on, frame by frame; a piece is valid until the next one is asked for.
   * @throws STORE_CORRUPT when the pack has no such part or is damaged.
   */
  async *read(from: number, length: number): AsyncGenerator<Buffer> {
    let index = this.#find(from);
    for (let at = from; at < from + length; index++) {
      const frame = this.#frames[index];
      if (frame === undefined) throw this.#corrupt('it is shorter than a snapshot says');
      const unpacked = this.#frame(index);
      unpacked.readers++;
      try {
        const piece = (await unpacked.ready).subarray(at - frame.from, from + length - frame.from);
        yield piece;
        at += piece.length;
      } finally {
        unpacked.readers--;
      }
    }
  }

  /** The same when it lies in one frame that has been unpacked; undefined when it has to be waited for. To be used at once. */
  atHand(from: number, length: number): Buffer | undefined {
    const index = this.#find(from);
    const bytes = this.#unpacked.get(index)?.bytes;
    const at = from - (this.#frames[index]?.from ?? 0);
    if (bytes === undefined || at + length > bytes.length) return undefined;
    this.#frame(index);
    return bytes.subarray(at, at + length);
  }

  /**
   * A frame. Where it follows the one before, those behind it are on their way, too; a content that is kept once for many files is fetched from
   * afar without them.
   */
  #frame(index: number): Unpacked {
    const ahead = index === 0 || this.#unpacked.has(index - 1) ? AHEAD : 1;
    const wanted = this.#touch(index);
    for (let next = index + 1; next < Math.min(index + ahead, this.#frames.length); next++) this.#touch(next);
    return wanted;
  }

  /** The last one to be asked for is the last one to go. */
  #touch(index: number): Unpacked {
    const unpacked = this.#unpacked.get(index) ?? this.#unpack(index);
    this.#unpacked.delete(index);
    this.#unpacked.set(index, unpacked);
    return unpacked;
  }

  #unpack(index: number): Unpacked {
    const frame = this.#frames[index];
    if (frame === undefined) throw this.#corrupt('a frame is missing');
    const memory = this.#memory(frame.content);
    const { at, compressed, content } = frame;
    const ready = this.#run({ memory, fd: this.#fd, at, compressed }).then(
      (length) => {
        if (length !== content) throw this.#corrupt('a frame is not as long as it should be');
        return (unpacked.bytes = Buffer.from(memory, 0, content));
      },
      (cause: unknown) => {
        throw this.#corrupt('a frame cannot be unpacked', cause);
      },
    );
    ready.catch(() => undefined);
    const unpacked: Unpacked = { memory, ready, readers: 0 };
    this.#unpacked.set(index, unpacked);
    return unpacked;
  }

  /** Who reads one file of a pack has no use for workers. */
  async #run(job: UnpackJob): Promise<number> {
    return this.#asked++ === 0 ? runHere(job) : await this.#workers.run(job);
  }

  /** Memory of frames that are not needed any more serves again: new memory of this size would keep the garbage collector busy. */
  #memory(size: number): SharedArrayBuffer {
    for (const [index, { memory, bytes, readers }] of this.#unpacked) {
      if (this.#unpacked.size < KEPT) break;
      if (readers > 0 || bytes === undefined) continue;
      this.#unpacked.delete(index);
      this.#spare.push(memory);
    }
    const spare = this.#spare.pop();
    return spare !== undefined && spare.byteLength >= size ? spare : new SharedArrayBuffer(Math.max(size, FRAME));
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

  #tables(): { frames: Frame[]; contents: PackedContent[] } {
    const { size } = fstatSync(this.#fd);
    const length = size < SEEK_FOOTER ? undefined : seekTableSize(this.#bytes(size - SEEK_FOOTER, SEEK_FOOTER));
    if (length === undefined || length > size) throw this.#corrupt('its table is missing');
    const frames: Frame[] = [];
    let at = 0;
    let from = 0;
    for (const { compressed, content } of parseSeekTable(this.#bytes(size - length, length))) {
      frames.push({ at, compressed, from, content });
      at += compressed;
      from += content;
    }
    if (at > size - length) throw this.#corrupt('its table does not fit it');
    // Packs of before this table was thought of are as good as any, but nothing is found in them.
    const contents = at === size - length ? [] : parseContents(this.#bytes(at, size - length - at));
    if (contents === undefined) throw this.#corrupt('what stands between its contents and its table is nothing of ours');
    return { frames, contents };
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
      hint: 'Read the tree again (--reread), or restore the pack from a copy.',
      cause,
    });
  }
}
