/** What the dynamic linker reads from an ELF file. Source: the System V gABI, chapters 4 and 5. */
export interface ElfFacts {
  readonly bits: 32 | 64;
  /** `e_machine`: 62 is x86-64. */
  readonly machine: number;
  /** Program interpreter (`PT_INTERP`): the dynamic linker of an executable. */
  readonly interpreter: string | undefined;
  /** `DT_SONAME` */
  readonly soname: string | undefined;
  /** `DT_NEEDED`, in the file's order. */
  readonly needed: readonly string[];
  /** Folders of `DT_RUNPATH`, or of `DT_RPATH` where there is none; `$ORIGIN` is still in them. */
  readonly runpath: readonly string[];
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_SONAME = 14;
const DT_RPATH = 15;
const DT_RUNPATH = 29;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * Reads a little-endian ELF file's dynamic section.
 *
 * @returns undefined for a file that is not ELF.
 * @throws RangeError when an offset in it points outside of it.
 */
export function readElf(bytes: Uint8Array): ElfFacts | undefined {
  if (bytes.length < 52 || bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46) return undefined;
  if (bytes[5] !== 1) throw new RangeError('a big-endian ELF file cannot run on x86');
  const bits = bytes[4] === 2 ? 64 : 32;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = readSegments(view, bits);

  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  const dynamic = readDynamic(view, bits, segments);
  const values = (tag: number): number[] => dynamic.filter((entry) => entry.tag === tag).map((entry) => entry.value);
  const [table] = values(DT_STRTAB);
  const strings = table === undefined ? 0 : fileOffset(segments, table);
  const text = (offset: number): string => readString(bytes, strings + offset);
  const [soname] = values(DT_SONAME).map(text);
  const [runpath = ''] = [...values(DT_RUNPATH), ...values(DT_RPATH)].map(text);
  return {
    bits,
    machine: view.getUint16(18, true),
    interpreter: interpreter === undefined ? undefined : readString(bytes, interpreter.offset),
    soname,
    needed: values(DT_NEEDED).map(text),
    runpath: runpath.split(':').filter((folder) => folder !== ''),
  };
}

function readSegments(view: DataView, bits: 32 | 64): Segment[] {
  const table = bits === 64 ? offset64(view, 32) : view.getUint32(28, true);
  const size = view.getUint16(bits === 64 ? 54 : 42, true);
  const count = view.getUint16(bits === 64 ? 56 : 44, true);
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * size;
    const type = view.getUint32(at, true);
    return bits === 64
      ? { type, offset: offset64(view, at + 8), address: offset64(view, at + 16), size: offset64(view, at + 32) }
      : {
          type,
          offset: view.getUint32(at + 4, true),
          address: view.getUint32(at + 8, true),
          size: view.getUint32(at + 16, true),
        };
  });
}

function readDynamic(view: DataView, bits: 32 | 64, segments: readonly Segment[]): { tag: number; value: number }[] {
  const segment = segments.find(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined) return [];
  const step = bits === 64 ? 16 : 8;
  const entries: { tag: number; value: number }[] = [];
  for (let at = segment.offset; at < segment.offset + segment.size; at += step) {
    const tag = bits === 64 ? offset64(view, at) : view.getUint32(at, true);
    if (tag === 0) break;
    entries.push({ tag, value: bits === 64 ? offset64(view, at + 8) : view.getUint32(at + 4, true) });
  }
  return entries;
}

/** Where in the file the byte lies that is loaded at `address`. */
function fileOffset(segments: readonly Segment[], address: number): number {
  const segment = segments.find(
    ({ type, address: start, size }) => type === PT_LOAD && address >= start && address < start + size,
  );
  if (segment === undefined) throw new RangeError(`no segment holds address 0x${address.toString(16)}`);
  return address - segment.address + segment.offset;
}

/** Offsets in real files are far below 2^53; flags in `d_val` may be above, and nobody looks at those. */
function offset64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function readString(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  if (at >= bytes.length || end < 0) throw new RangeError(`a string at offset ${String(at)} does not end in the file`);
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8');
}
