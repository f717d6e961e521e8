import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { BLOCK } from './layout.ts';

const BATCH = 256;

/** Writes blocks of an image file; neighbours that come one after the other go out in one call. */
export class Disk {
  readonly #fd: number;
  readonly #offset: number;
  readonly #buffer = Buffer.allocUnsafe(BATCH * BLOCK);
  #start = 0;
  #count = 0;

  /** A new file of so many bytes; with an offset, a part of an existing file, which grows as far as that reaches. */
  constructor(path: string, bytes: number, offset?: number) {
    this.#offset = offset ?? 0;
    this.#fd = openSync(path, offset === undefined ? 'wx' : 'r+', 0o644);
    if (fstatSync(this.#fd).size < this.#offset + bytes) ftruncateSync(this.#fd, this.#offset + bytes);
  }

  /** Room for one block that will be written at `block`; valid until the next call. */
  block(block: number): Buffer {
    if (this.#count === BATCH || block !== this.#start + this.#count) this.flush();
    if (this.#count === 0) this.#start = block;
    const at = this.#count++ * BLOCK;
    return this.#buffer.subarray(at, at + BLOCK);
  }

  /** Write bytes from the start of `block`; the last block is filled up with zeros. */
  write(block: number, bytes: Uint8Array): void {
    for (let at = 0, to = block; at < bytes.length; at += BLOCK, to++) {
      const room = this.block(to);
      const piece = bytes.subarray(at, at + BLOCK);
      room.set(piece);
      if (piece.length < BLOCK) room.fill(0, piece.length);
    }
  }

  /** Bytes at any offset, past the batch. */
  writeAt(offset: number, bytes: Uint8Array): void {
    this.flush();
    writeWhole(this.#fd, bytes, this.#offset + offset);
  }

  flush(): void {
    if (this.#count > 0) writeWhole(this.#fd, this.#buffer.subarray(0, this.#count * BLOCK), this.#offset + this.#start * BLOCK);
    this.#count = 0;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function writeWhole(fd: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, offset + done);
}
