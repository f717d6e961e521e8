import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** A frame to compress, in memory that both sides see: what comes out takes the place of what was there. */
export interface PackJob {
  readonly memory: SharedArrayBuffer;
  /** Bytes of content in it. */
  readonly length: number;
}

/** A frame of an open file to unpack into memory that both sides see. */
export interface UnpackJob {
  readonly memory: SharedArrayBuffer;
  readonly fd: number;
  readonly at: number;
  readonly compressed: number;
}

export type FrameJob = PackJob | UnpackJob;

/** What becomes of a job: bytes of `memory` that count now, or why there are none. */
export type FrameResult = number | { readonly failed: string };

/**
 * zstd's level 2, with a window over the whole frame and a table for what it has seen twice that of level 2: a root filesystem comes out
 * 3.5 % larger than at level 3 and takes three quarters of the time. Contents are kept once only, so that a pack is still smaller than a
 * tar archive of the same files at level 3.
 */
const PARAMS = {
  [constants.ZSTD_c_compressionLevel]: 2,
  [constants.ZSTD_c_windowLog]: 22,
  [constants.ZSTD_c_hashLog]: 17,
  [constants.ZSTD_c_checksumFlag]: 1,
};

export function runJob(job: FrameJob): FrameResult {
  try {
    return 'fd' in job ? unpack(job) : pack(job);
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

/** Make one zstd frame with a checksum. */
function pack({ memory, length }: PackJob): number {
  // Where the output has room for all of it zstd works on the content as it lies there; else it copies it through a window of its own, in which
  // it takes longer to find what is repeated.
  const frame = zstdCompressSync(new Uint8Array(memory, 0, length), { params: PARAMS, chunkSize: memory.byteLength });
  new Uint8Array(memory).set(frame);
  return frame.length;
}

function unpack({ memory, fd, at, compressed }: UnpackJob): number {
  const frame = Buffer.allocUnsafe(compressed);
  for (let done = 0; done < compressed;) {
    const count = readSync(fd, frame, done, compressed - done, at + done);
    if (count === 0) throw new Error('it ends too early');
    done += count;
  }
  const size = memory.byteLength;
  const content = zstdDecompressSync(frame, { maxOutputLength: size, chunkSize: Math.max(size + 1, 64) });
  new Uint8Array(memory).set(content);
  return content.length;
}

parentPort?.on('message', (job: FrameJob) => parentPort?.postMessage(runJob(job)));
