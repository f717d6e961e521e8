import { strtok, strtoul } from '../schema/c.ts';

/** Bits, as libxl's bitmaps hold them: whole bytes, so «all» reaches beyond the last processor. */
export class Bitmap {
  private readonly bits = new Set<number>();
  /** In bits, a multiple of 8. */
  readonly size: number;

  constructor(bits: number) {
    this.size = Math.ceil(bits / 8) * 8;
  }

  /** Bits beyond the size are passed over. */
  set(first: number, last = first): void {
    for (let bit = first; bit <= Math.min(last, this.size - 1); bit++) this.bits.add(bit);
  }

  clear(first: number, last = first): void {
    for (let bit = first; bit <= Math.min(last, this.size - 1); bit++) this.bits.delete(bit);
  }

  setAll(): void {
    this.set(0, this.size - 1);
  }

  list(): number[] {
    return [...this.bits].sort((a, b) => a - b);
  }
}

/** What of the machine a configuration is read for. */
export interface Host {
  /** Processors, all online. */
  readonly cpus: number;
  /** NUMA nodes; the processors are spread over them in order. */
  readonly nodes: number;
}

/**
 * A set of the host's processors: `0-3,^1`, `node:0,^node:1`, `all`. A text says why xl refuses it.
 */
export function parseProcessors(text: string, host: Host): Bitmap | string {
  const map = new Bitmap(host.cpus);
  for (const piece of strtok(text)) {
    const fault = update(map, piece, host);
    if (fault !== undefined) return fault;
  }
  return map;
}

/** xl counts through a range one by one; one longer than this it does not finish. */
export const LONGEST = 2 ** 31;

function update(map: Bitmap, piece: string, host: Host): string | undefined {
  const not = piece.startsWith('^');
  const rest = not ? piece.slice(1) : piece;
  const nodes = /^nodes?:/.exec(rest)?.[0] ?? '';
  const range = rest.slice(nodes.length);
  if (range === 'all') {
    if (not) return '^ cannot be used with all';
    map.setAll();
    return undefined;
  }
  const bounds = parseRange(range);
  if (bounds === undefined) return `not processors: ${JSON.stringify(range)}`;
  if (bounds[1] - bounds[0] > LONGEST) return `xl would count for ages: ${JSON.stringify(range)}`;
  const perNode = Math.ceil(host.cpus / host.nodes);
  const [first, last] = nodes === '' ? bounds : [bounds[0] * perNode, Math.min((bounds[1] + 1) * perNode, host.cpus) - 1];
  if (not) map.clear(first, last);
  else map.set(first, last);
  return undefined;
}

/** The same without a complaint, as vnuma has it: what was read before the fault counts, and nothing is 0. */
export function looseRange(text: string): [number, number] {
  const first = strtoul(text, 10);
  const rest = text.slice(first.length);
  if (first.length === 0 || !rest.startsWith('-')) return [Number(first.value), Number(first.value)];
  return [Number(first.value), Number(strtoul(rest.slice(1), 10).value)];
}

/** `3` or `3-5`, decimal; `undefined` for anything else. */
export function parseRange(text: string): [number, number] | undefined {
  const first = strtoul(text, 10);
  if (first.length === 0 || first.value === 2n ** 64n - 1n) return undefined;
  let rest = text.slice(first.length);
  let last = first.value;
  if (rest.startsWith('-')) {
    const end = strtoul(rest.slice(1), 10);
    if (end.length === 0 || end.value === 2n ** 64n - 1n || end.value < first.value) return undefined;
    last = end.value;
    rest = rest.slice(1 + end.length);
  }
  return rest === '' ? [Number(first.value), Number(last)] : undefined;
}
