import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

const BATCH = 1 << 18;

/**
 * The bytes of an archive, in pieces that are valid until the next one is asked for: what is at hand comes as it is, what has to be waited for
 * as an iterable of its own. Waiting for each of many small pieces would take longer than all that is done with them.
 */
export type Pieces = Iterable<Uint8Array | AsyncIterable<Uint8Array>>;

/** Many small pieces (headers, small files) as few large chunks, valid until the next one is asked for. */
export async function* batched(pieces: Pieces): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(BATCH);
  let filled = 0;
  function* add(piece: Uint8Array): Generator<Uint8Array> {
    if (filled + piece.length > BATCH && filled > 0) {
      yield buffer.subarray(0, filled);
      filled = 0;
    }
    if (piece.length > BATCH) yield piece;
    else {
      buffer.set(piece, filled);
      filled += piece.length;
    }
  }
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) yield* add(piece);
    else for await (const chunk of piece) yield* add(chunk);
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

/**
 * Write an archive into a program or a file, each chunk when the one before is through: so one buffer serves for all of them. Returns the bytes
 * that were written.
 */
export async function feed(pieces: Pieces, target: Writable): Promise<number> {
  let bytes = 0;
  const broken = once(target, 'error').then(([error]) => Promise.reject(error as Error));
  broken.catch(() => undefined);
  try {
    for await (const chunk of batched(pieces)) {
      const through = new Promise<void>((done) => target.write(chunk, () => done()));
      await Promise.race([through, broken]);
      if (target.errored !== null) throw target.errored;
      bytes += chunk.length;
    }
  } catch (error) {
    target.destroy();
    throw error;
  }
  target.end();
  await finished(target, { readable: false });
  return bytes;
}
