import { closeSync, openSync, readSync } from 'node:fs';
import { BLOCK } from './layout.ts';

/** Where the bytes of an image come from. */
export interface ImageSource {
  /** `length` bytes from `offset` on; undefined when the image ends before. */
  read(offset: number, length: number): Buffer | undefined;
  close(): void;
}

export class ImageFile implements ImageSource {
  readonly #fd: number;

  constructor(path: string) {
    this.#fd = openSync(path, 'r');
  }

  read(offset: number, length: number): Buffer | undefined {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const count = readSync(this.#fd, bytes, done, length - done, offset + done);
      if (count === 0) return undefined;
      done += count;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** An image with changes that are not written yet: whoever reads here sees them. */
export class PendingBlocks implements ImageSource {
  readonly changed = new Map<number, Buffer>();
  readonly #below: ImageSource;

  constructor(below: ImageSource) {
    this.#below = below;
  }

  read(offset: number, length: number): Buffer | undefined {
    const bytes = this.#below.read(offset, length);
    if (bytes === undefined || this.changed.size === 0) return bytes;
    const end = offset + length;
    for (let block = Math.floor(offset / BLOCK); block * BLOCK < end; block++) {
      const from = Math.max(offset, block * BLOCK);
      const to = Math.min(end, (block + 1) * BLOCK);
      this.changed.get(block)?.copy(bytes, from - offset, from - block * BLOCK, to - block * BLOCK);
    }
    return bytes;
  }

  /** A block as it is now; not to be written to. @throws RangeError behind the end of the image. */
  block(block: number): Buffer {
    const bytes = this.changed.get(block) ?? this.#below.read(block * BLOCK, BLOCK);
    if (bytes === undefined) throw new RangeError(`block ${String(block)} lies behind the end`);
    return bytes;
  }

  /** A block to be written to. */
  edit(block: number): Buffer {
    const bytes = this.block(block);
    this.changed.set(block, bytes);
    return bytes;
  }

  /** A block whose old content does not matter: zeros. */
  fresh(block: number): Buffer {
    const bytes = Buffer.alloc(BLOCK);
    this.changed.set(block, bytes);
    return bytes;
  }

  close(): void {
    this.#below.close();
  }
}
