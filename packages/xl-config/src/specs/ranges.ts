import type { Fields } from '../libxl/json.ts';
import { strtoul } from '../schema/c.ts';
import { strictDevices, toWhole, type Whole } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';

const UINT32_MAX = 0xffffffffn;

/** First and last, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** One entry of `iomem`: page frames of the host, mapped at `gfn` (the same frames when it is missing). */
export interface Iomem {
  readonly start: Whole;
  readonly pages: Whole;
  readonly gfn?: Whole;
}

/** I/O ports, hexadecimal: `2f8-2ff`. */
export const ioports = strictDevices<Range>('list of port ranges (hexadecimal)', readPorts, ({ first, last }) =>
  rangeText(first, last, 16),
);

function readPorts(text: string, context: ReadContext, item: number): Range | undefined {
  const refuse = (why: string): undefined =>
    void context.refuse('BAD_VALUE', `ioports: ${why}: ${JSON.stringify(text)}`, { item, hint: 'Hexadecimal: 2f8 or 2f8-2ff.' });
  const first = strtoul(text, 16);
  if (first.length === 0) return refuse('not a port');
  if (first.value >= UINT32_MAX) return refuse('too large');
  const rest = text.slice(first.length);
  if (!rest.startsWith('-')) {
    if (rest !== '')
      context.warn('BAD_VALUE', `ioports: ${JSON.stringify(rest)} after the port is ignored`, {
        item,
        hint: 'Hexadecimal: 2f8 or 2f8-2ff.',
      });
    return { first: Number(first.value), last: Number(first.value) };
  }
  const last = strtoul(rest.slice(1), 16);
  if (last.length === 0 || last.length !== rest.length - 1) return refuse('not a range');
  if (last.value >= UINT32_MAX) return refuse('too large');
  if (last.value < first.value)
    context.warn('OUT_OF_RANGE', `ioports: the range runs backwards: ${text}`, { item, silent: true });
  return { first: Number(first.value), last: Number(last.value) };
}

/** @internal */
export function portsToLibxl({ first, last }: Range): Fields {
  return { first, number: (last - first + 1) >>> 0 };
}

/** Interrupts of the host. */
export const irqs = strictDevices<number>('list of interrupt numbers', readIrq, String);

function readIrq(text: string, context: ReadContext, item: number): number | undefined {
  const { value, length } = strtoul(text, 10);
  if (length > 0 && length === text.length && value < UINT32_MAX) return Number(value);
  return void context.refuse('BAD_VALUE', `irqs: not an interrupt: ${JSON.stringify(text)}`, { item, hint: 'A decimal number.' });
}

/** Memory of the host, hexadecimal page frames: `START,PAGES[@GFN]`. */
export const iomem = strictDevices<Iomem>('list of page frame ranges (hexadecimal)', readIomem, formatIomem);

const HEX = '\\s*([+-]?(?:0[xX](?=[0-9a-fA-F]))?[0-9a-fA-F]+)';
const IOMEM = new RegExp(`^${HEX},${HEX}(?:@${HEX})?$`);

function readIomem(text: string, context: ReadContext, item: number): Iomem | undefined {
  const match = IOMEM.exec(text);
  if (match === null)
    return void context.refuse('BAD_VALUE', `iomem: not START,PAGES[@GFN]: ${JSON.stringify(text)}`, {
      item,
      hint: 'Hexadecimal page frames: f0000,10@20000.',
    });
  const [start, pages, gfn] = match
    .slice(1)
    .map((digits) => (digits === undefined ? undefined : toWhole(strtoul(digits, 16).value)));
  return { start: start as Whole, pages: pages as Whole, ...(gfn === undefined ? {} : { gfn }) };
}

function formatIomem({ start, pages, gfn }: Iomem): string {
  return `${start.toString(16)},${pages.toString(16)}${gfn === undefined ? '' : `@${gfn.toString(16)}`}`;
}

/** @internal */
export function iomemToLibxl({ start, pages, gfn }: Iomem): Fields {
  return { start: BigInt(start), number: BigInt(pages), ...(gfn === undefined ? {} : { gfn: BigInt(gfn) }) };
}

/** Colours of the last-level cache. */
export const colors = strictDevices<Range>('list of cache colour ranges', readColors, ({ first, last }) =>
  rangeText(first, last, 10),
);

function readColors(text: string, context: ReadContext, item: number): Range | undefined {
  const match = /^\s*([+-]?\d+)(?:-\s*([+-]?\d+))?/.exec(text);
  const refuse = (why: string): undefined =>
    void context.refuse('BAD_VALUE', `llc_colors: ${why}: ${JSON.stringify(text)}`, { item, hint: 'Like 0-7 or 3.' });
  if (match === null) return refuse('not a colour');
  const [first, last] = [match[1], match[2] ?? match[1]].map((digits) =>
    Number(strtoul(digits as string, 10).value & UINT32_MAX),
  ) as [number, number];
  if (first > last) return refuse('the range runs backwards');
  return { first, last };
}

/** @internal */
export function colorsToLibxl(ranges: readonly Range[]): number[] {
  return ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
}

function rangeText(first: number, last: number, base: number): string {
  return first === last ? first.toString(base) : `${first.toString(base)}-${last.toString(base)}`;
}
