import { parentPort } from 'node:worker_threads';
import { constants, zstdCompressSync } from 'node:zlib';

/** A frame to compress, in memory that both sides see. */
export interface FrameJob {
  readonly content: SharedArrayBuffer;
  /** Bytes of it that count. */
  readonly length: number;
  readonly packed: SharedArrayBuffer;
}

const LEVEL = 3;

/** Make one zstd frame with a checksum of `length` bytes of `content`; returns how many bytes of `packed` it takes. */
export function compressFrame({ content, length, packed }: FrameJob): number {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 };
  // Where the output has room for all of it zstd works on the content as it lies there; else it copies it through a window of its own, in which
  // it takes longer to find what is repeated.
  const frame = zstdCompressSync(new Uint8Array(content, 0, length), { params, chunkSize: packed.byteLength });
  new Uint8Array(packed).set(frame);
  return frame.length;
}

parentPort?.on('message', (job: FrameJob) => parentPort?.postMessage(compressFrame(job)));
