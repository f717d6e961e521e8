import { parentPort } from 'node:worker_threads';
import { constants, zstdCompressSync } from 'node:zlib';

/** A frame to compress; the buffer comes back with the answer, to be filled again. */
export interface FrameJob {
  readonly frame: ArrayBuffer;
  /** Bytes of it that count. */
  readonly length: number;
}

export interface FrameDone {
  readonly frame: ArrayBuffer;
  readonly compressed: Uint8Array<ArrayBuffer>;
}

const LEVEL = 3;

/** One zstd frame with a checksum. */
export function compressFrame(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 };
  return new Uint8Array(zstdCompressSync(content, { params, chunkSize: 1 << 20 }));
}

parentPort?.on('message', ({ frame, length }: FrameJob) => {
  const compressed = compressFrame(new Uint8Array(frame, 0, length));
  const done: FrameDone = { frame, compressed };
  parentPort?.postMessage(done, [frame, compressed.buffer]);
});
