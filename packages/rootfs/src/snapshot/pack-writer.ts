import { closeSync, openSync, writeSync } from 'node:fs';
import { Compressor } from './compressor.ts';

/** Bytes of content in a frame: enough for zstd to work with, little enough to fetch one file from the middle. */
export const FRAME = 1 << 22;
/** Frames in flight: each holds its content until a thread has compressed it. */
const IN_FLIGHT = 6;

/**
 * Contents one after the other in zstd frames, with a table of them at the end: the "seekable format" (zstd, contrib/seekable_format), which
 * `zstd -d` reads as one file. Frames are compressed on all cores while the next is being filled.
 */
export class PackWriter {
  readonly #fd: number;
  readonly #frames: { compressed: number; content: number }[] = [];
  #frame = Buffer.from(new ArrayBuffer(FRAME));
  #filled = 0;
  #written = 0;
  #content = 0;
  readonly #spare: ArrayBuffer[] = [];
  readonly #queue: Promise<{ bytes: Uint8Array; content: number }>[] = [];
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
    closeSync(this.#fd);
    await this.#compressor.close();
  }

  async #close(): Promise<void> {
    const frame = this.#frame;
    const content = this.#filled;
    this.#content += content;
    const done = this.#compressor.compress(frame.buffer, content).then((result) => {
      this.#spare.push(result.frame);
      return { bytes: result.compressed, content };
    });
    // A failure is reported where the frame is waited for.
    done.catch(() => undefined);
    this.#queue.push(done);
    if (this.#queue.length >= IN_FLIGHT) await this.#drain();
    this.#frame = Buffer.from(this.#spare.pop() ?? new ArrayBuffer(FRAME));
    this.#filled = 0;
  }

  async #drain(): Promise<void> {
    const next = this.#queue.shift();
    if (next === undefined) return;
    const { bytes, content } = await next;
    this.#frames.push({ compressed: bytes.length, content });
    this.#write(bytes);
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
    this.#written += bytes.length;
  }
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
