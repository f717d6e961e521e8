import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { Compressor } from './compressor.ts';

/** Bytes of content in a frame: enough for zstd to work with, little enough to fetch one file from the middle. */
export const FRAME = 1 << 22;
/** Frames in flight: each holds its content until a worker has compressed it. */
const IN_FLIGHT = 6;
/** What a frame takes at most when nothing in it can be compressed. */
const PACKED = FRAME + (FRAME >> 7);
/** The disk is given work as soon as there is this much: a flush at the end would have to wait for all of it. */
const FLUSHED = 1 << 24;

const flushData = promisify(fdatasync);

/** Memory for a frame, before and after compression. */
interface Slot {
  readonly content: SharedArrayBuffer;
  readonly packed: SharedArrayBuffer;
}

/**
 * Contents one after the other in zstd frames, with a table of them at the end: the "seekable format" (zstd, contrib/seekable_format), which
 * `zstd -d` reads as one file. Frames are compressed on all cores while the next is being filled.
 */
export class PackWriter {
  readonly #fd: number;
  readonly #frames: { compressed: number; content: number }[] = [];
  #slot = slot();
  #frame = Buffer.from(this.#slot.content);
  #filled = 0;
  #written = 0;
  #content = 0;
  #flushed = 0;
  #flushing: Promise<void> | undefined;
  readonly #spare: Slot[] = [];
  readonly #queue: Promise<{ slot: Slot; packed: number; content: number }>[] = [];
  readonly #compressor = new Compressor();

  constructor(path: string) {
    this.#fd = openSync(path, 'wx', 0o644);
  }

  /** Bytes of content so far: where the next one starts. */
  get position(): number {
    return this.#content + this.#filled;
  }

  /** Bytes of the file so far. */
  get size(): number {
    return this.#written;
  }

  /** Room in the present frame; fill it and say so with {@link filled}. */
  get room(): Buffer {
    return this.#frame.subarray(this.#filled);
  }

  /** Take `count` bytes that were put into {@link room}. */
  async filled(count: number): Promise<void> {
    this.#filled += count;
    if (this.#filled === FRAME) await this.#close();
  }

  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.subarray(at, at + this.room.length);
      this.room.set(piece);
      at += piece.length;
      await this.filled(piece.length);
    }
  }

  /** Close the frame early when less than `count` bytes are left in it, so that a small content is never split. */
  async reserve(count: number): Promise<void> {
    if (this.room.length < count && this.#filled > 0) await this.#close();
  }

  async end(): Promise<void> {
    if (this.#filled > 0) await this.#close();
    while (this.#queue.length > 0) await this.#drain();
    this.#write(seekTable(this.#frames));
  }

  async close(): Promise<void> {
    await this.#flushing;
    closeSync(this.#fd);
    await this.#compressor.close();
  }

  async #close(): Promise<void> {
    const slotInUse = this.#slot;
    const content = this.#filled;
    this.#content += content;
    const done = this.#compressor
      .compress({ ...slotInUse, length: content })
      .then((packed) => ({ slot: slotInUse, packed, content }));
    // A failure is reported where the frame is waited for.
    done.catch(() => undefined);
    this.#queue.push(done);
    if (this.#queue.length >= IN_FLIGHT) await this.#drain();
    this.#slot = this.#spare.pop() ?? slot();
    this.#frame = Buffer.from(this.#slot.content);
    this.#filled = 0;
  }

  async #drain(): Promise<void> {
    const next = this.#queue.shift();
    if (next === undefined) return;
    const done = await next;
    this.#frames.push({ compressed: done.packed, content: done.content });
    this.#write(new Uint8Array(done.slot.packed, 0, done.packed));
    this.#spare.push(done.slot);
    this.#startFlush();
  }

  /** Whether it works is asked by whoever flushes the whole file in the end. */
  #startFlush(): void {
    if (this.#flushing !== undefined || this.#written - this.#flushed < FLUSHED) return;
    this.#flushed = this.#written;
    this.#flushing = flushData(this.#fd)
      .catch(() => undefined)
      .finally(() => (this.#flushing = undefined));
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
    this.#written += bytes.length;
  }
}

function slot(): Slot {
  return { content: new SharedArrayBuffer(FRAME), packed: new SharedArrayBuffer(PACKED) };
}

/** A skippable frame: sizes of the frames, their number, a flag byte without checksums, the magic. */
function seekTable(frames: readonly { compressed: number; content: number }[]): Buffer {
  const table = Buffer.alloc(8 + frames.length * 8 + 9);
  table.writeUInt32LE(0x184d2a5e, 0);
  table.writeUInt32LE(frames.length * 8 + 9, 4);
  frames.forEach(({ compressed, content }, index) => {
    table.writeUInt32LE(compressed, 8 + index * 8);
    table.writeUInt32LE(content, 12 + index * 8);
  });
  table.writeUInt32LE(frames.length, table.length - 9);
  table.writeUInt32LE(0x8f92eab1, table.length - 4);
  return table;
}
