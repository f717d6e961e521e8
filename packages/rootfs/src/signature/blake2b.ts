const IV = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
];
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const MASK = (1n << 64n) - 1n;

/**
 * BLAKE2b with 32 bytes of output (RFC 7693): the checksum inside of a minisign secret key. OpenSSL offers the 64-byte form only, which is
 * another function, not a longer one. For a hundred bytes at a time, speed does not matter.
 */
export function blake2b256(message: Uint8Array): Buffer {
  const h = [...IV];
  h[0] = (h[0] ?? 0n) ^ 0x01010000n ^ 32n;
  const blocks = Math.max(1, Math.ceil(message.length / 128));
  for (let block = 0; block < blocks; block++) {
    const bytes = Buffer.alloc(128);
    bytes.set(message.subarray(block * 128, block * 128 + 128));
    const last = block === blocks - 1;
    compress(h, bytes, BigInt(last ? message.length : (block + 1) * 128), last);
  }
  const out = Buffer.alloc(64);
  h.forEach((word, index) => out.writeBigUInt64LE(word, index * 8));
  return out.subarray(0, 32);
}

function compress(h: bigint[], block: Buffer, count: bigint, last: boolean): void {
  const m = Array.from({ length: 16 }, (_, index) => block.readBigUInt64LE(index * 8));
  const v = [...h, ...IV];
  const at = (index: number) => v[index] ?? 0n;
  v[12] = at(12) ^ count;
  if (last) v[14] = at(14) ^ MASK;
  const rotate = (value: bigint, bits: bigint) => ((value >> bits) | (value << (64n - bits))) & MASK;
  const mix = (a: number, b: number, c: number, d: number, x: bigint, y: bigint) => {
    v[a] = (at(a) + at(b) + x) & MASK;
    v[d] = rotate(at(d) ^ at(a), 32n);
    v[c] = (at(c) + at(d)) & MASK;
    v[b] = rotate(at(b) ^ at(c), 24n);
    v[a] = (at(a) + at(b) + y) & MASK;
    v[d] = rotate(at(d) ^ at(a), 16n);
    v[c] = (at(c) + at(d)) & MASK;
    v[b] = rotate(at(b) ^ at(c), 63n);
  };
  for (let round = 0; round < 12; round++) {
    const s = (SIGMA[round % 10] ?? []).map((index) => m[index] ?? 0n);
    const word = (index: number) => s[index] ?? 0n;
    for (let column = 0; column < 4; column++)
      mix(column, 4 + column, 8 + column, 12 + column, word(column * 2), word(column * 2 + 1));
    for (let diagonal = 0; diagonal < 4; diagonal++) {
      mix(
        diagonal,
        4 + ((diagonal + 1) % 4),
        8 + ((diagonal + 2) % 4),
        12 + ((diagonal + 3) % 4),
        word(8 + diagonal * 2),
        word(9 + diagonal * 2),
      );
    }
  }
  for (let index = 0; index < 8; index++) h[index] = (h[index] ?? 0n) ^ at(index) ^ at(index + 8);
}
