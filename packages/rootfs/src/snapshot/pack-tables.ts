/**
 * What a pack has behind its frames: which contents lie in it, and where its frames are. Both are skippable frames, which every zstd passes over.
 */
const CONTENTS_MAGIC = 0x184d2a5d;
const SEEK_MAGIC = 0x184d2a5e;
const SEEKABLE_MAGIC = 0x8f92eab1;
/** Bytes of content in a frame: enough for zstd to work with, little enough to fetch one file from the middle. */
export const FRAME = 1 << 22;
/** sha256, and the first byte. */
const CONTENT = 32 + 8;
export const SEEK_FOOTER = 9;

/** One content, and its first byte in what the pack unpacks to. */
export interface PackedContent {
  /** Hex. */
  readonly sha256: string;
  readonly at: number;
}

export interface FrameSize {
  readonly compressed: number;
  readonly content: number;
}

export function contentsTable(contents: readonly PackedContent[]): Buffer {
  const table = Buffer.alloc(8 + contents.length * CONTENT);
  table.writeUInt32LE(CONTENTS_MAGIC, 0);
  table.writeUInt32LE(contents.length * CONTENT, 4);
  contents.forEach(({ sha256, at }, index) => {
    table.write(sha256, 8 + index * CONTENT, 'hex');
    table.writeBigUInt64LE(BigInt(at), 40 + index * CONTENT);
  });
  return table;
}

/** @returns undefined when it is no such table. */
export function parseContents(table: Buffer): PackedContent[] | undefined {
  const bytes = table.length - 8;
  if (bytes < 0 || table.readUInt32LE(0) !== CONTENTS_MAGIC || table.readUInt32LE(4) !== bytes || bytes % CONTENT !== 0)
    return undefined;
  return Array.from({ length: bytes / CONTENT }, (_, index) => {
    const start = 8 + index * CONTENT;
    return { sha256: table.toString('hex', start, start + 32), at: Number(table.readBigUInt64LE(start + 32)) };
  });
}

/** The table of the "seekable format" (zstd, contrib/seekable_format): sizes of the frames, their number, a flag byte without checksums, the magic. */
export function seekTable(frames: readonly FrameSize[]): Buffer {
  const table = Buffer.alloc(8 + frames.length * 8 + SEEK_FOOTER);
  table.writeUInt32LE(SEEK_MAGIC, 0);
  table.writeUInt32LE(frames.length * 8 + SEEK_FOOTER, 4);
  frames.forEach(({ compressed, content }, index) => {
    table.writeUInt32LE(compressed, 8 + index * 8);
    table.writeUInt32LE(content, 12 + index * 8);
  });
  table.writeUInt32LE(frames.length, table.length - SEEK_FOOTER);
  table.writeUInt32LE(SEEKABLE_MAGIC, table.length - 4);
  return table;
}

/** Bytes of the seek table that ends in this footer; undefined when it is none. */
export function seekTableSize(footer: Buffer): number | undefined {
  return footer.readUInt32LE(5) === SEEKABLE_MAGIC ? 8 + footer.readUInt32LE(0) * 8 + SEEK_FOOTER : undefined;
}

export function parseSeekTable(table: Buffer): FrameSize[] {
  return Array.from({ length: (table.length - 8 - SEEK_FOOTER) / 8 }, (_, index) => ({
    compressed: table.readUInt32LE(8 + index * 8),
    content: table.readUInt32LE(12 + index * 8),
  }));
}
