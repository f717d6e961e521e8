/** CRC-32C (Castagnoli), as ext4 uses it: no final inversion, the caller gives the running value. */
export function crc32c(seed: number, bytes: Uint8Array): number {
  let crc = seed;
  const whole = bytes.length - (bytes.length % 8);
  let at = 0;
  // Eight table look-ups a step instead of eight dependent ones: checksums cover every metadata block.
  for (; at < whole; at += 8) {
    const low = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    crc =
      T[0x700 + (low & 0xff)]! ^
      T[0x600 + ((low >>> 8) & 0xff)]! ^
      T[0x500 + ((low >>> 16) & 0xff)]! ^
      T[0x400 + (low >>> 24)]! ^
      T[0x300 + bytes[at + 4]!]! ^
      T[0x200 + bytes[at + 5]!]! ^
      T[0x100 + bytes[at + 6]!]! ^
      T[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) crc = T[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return crc >>> 0;
}

const T = tables();

function tables(): Int32Array {
  const result = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    result[byte] = crc;
  }
  for (let at = 256; at < result.length; at++) {
    const previous = result[at - 256]!;
    result[at] = result[previous & 0xff]! ^ (previous >>> 8);
  }
  return result;
}
