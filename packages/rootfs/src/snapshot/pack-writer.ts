import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { FrameWorkers, runHere } from './frame-workers.ts';
import { contentsTable, FRAME, seekTable, type FrameSize, type PackedContent } from './pack-tables.ts';

/**
 * Frames in flight, 100 MB of them: reading may be that far ahead, so that whoever reads can finish what comes after it (a manifest, say)
 * while the last ones are compressed.
 */
const IN_FLIGHT = 24;
/** What a frame takes at most, when nothing in it can be compressed. */
const SLOT = FRAME + (FRAME >> 7);
/** The disk is given work as soon as there is this much: a flush at the end would have to wait for all of it. */
const FLUSHED = 1 << 24;

const flushData = promisify(fdatasync);

/** A frame that has been handed over for compression. */
interface Packed {
  readonly memory: SharedArrayBuffer;
  readonly content: number;
  readonly packed: number;
}

/**
 * Contents one after the other in zstd frames, with tables at the end: the "seekable format" (zstd, contrib/seekable_format), which
 * `zstd -d` reads as one file. Frames are compressed on all cores while the next is being filled.
 */
export class PackWriter {
  readonly #fd: number;
  readonly #frames: FrameSize[] = [];
  #memory = new SharedArrayBuffer(SLOT);
  #frame = Buffer.from(this.#memory, 0, FRAME);
  #filled = 0;
  #written = 0;
  #content = 0;
  #flushed = 0;
  #flushing: Promise<void> | undefined;
  readonly #spare: SharedArrayBuffer[] = [];
  readonly #queue: Promise<Packed>[] = [];
  readonly #workers = new FrameWorkers();

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

  /** Room in the present frame; fill it and {@link take} what was filled. */
  get room(): Buffer {
    return this.#frame.subarray(this.#filled);
  }

  /** The next `count` bytes of {@link room} are content. */
  take(count: number): void {
    this.#filled += count;
  }

  /** Make room for `count` bytes, with a new frame if need be: so a small content is never split. */
  async reserve(count: number): Promise<void> {
    if (FRAME - this.#filled < count && this.#filled > 0) await this.#close();
  }

  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      await this.reserve(1);
      const piece = chunk.subarray(at, at + this.room.length);
      this.room.set(piece);
      at += piece.length;
      this.take(piece.length);
    }
  }

  /** Compress what is left, and write the tables: `contents` is all that lies in the pack. */
  async end(contents: readonly PackedContent[]): Promise<void> {
    // Most snapshots after the first are one frame: not worth a worker.
    if (this.#frames.length + this.#queue.length === 0 && this.#filled > 0) {
      const packed = runHere({ memory: this.#memory, length: this.#filled });
      this.#store({ memory: this.#memory, content: this.#filled, packed });
    } else if (this.#filled > 0) await this.#close();
    while (this.#queue.length > 0) await this.#drain();
    this.#write(contentsTable(contents));
    this.#write(seekTable(this.#frames));
  }

  async close(): Promise<void> {
    await this.#flushing;
    closeSync(this.#fd);
    await this.#workers.close();
  }

  async #close(): Promise<void> {
    const memory = this.#memory;
    const content = this.#filled;
    this.#content += content;
    const done = this.#workers.run({ memory, length: content }).then((packed) => ({ memory, content, packed }));
    // A failure is reported where the frame is waited for.
    done.catch(() => undefined);
    this.#queue.push(done);
    if (this.#queue.length >= IN_FLIGHT) await this.#drain();
    this.#memory = this.#spare.pop() ?? new SharedArrayBuffer(SLOT);
    this.#frame = Buffer.from(this.#memory, 0, FRAME);
    this.#filled = 0;
  }

  async #drain(): Promise<void> {
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#store(await next);
    this.#startFlush();
  }

  #store({ memory, content, packed }: Packed): void {
    this.#frames.push({ compressed: packed, content });
    this.#write(new Uint8Array(memory, 0, packed));
    this.#spare.push(memory);
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
