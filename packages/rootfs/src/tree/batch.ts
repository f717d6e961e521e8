const BATCH = 1 << 18;

/** Many small chunks (headers, small files) as few large ones. */
export async function* batched(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let buffer = Buffer.allocUnsafe(BATCH);
  let filled = 0;
  for await (const chunk of chunks) {
    if (filled + chunk.length > BATCH && filled > 0) {
      yield buffer.subarray(0, filled);
      buffer = Buffer.allocUnsafe(BATCH);
      filled = 0;
    }
    if (chunk.length > BATCH) yield Buffer.from(chunk);
    else {
      buffer.set(chunk, filled);
      filled += chunk.length;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
