import type { Fields } from '../libxl/json.ts';
import { strtok, strtoul } from '../schema/c.ts';
import { devices } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';
import { XlConfigError } from '../errors.ts';
import { defined, formatOptions, optionsOf, pairOf, unknownOption } from './options.ts';

/** One entry of `vdispl`: a paravirtual display with its connectors. */
export interface Display {
  readonly connectors: readonly Connector[];
  readonly backend?: string;
  /** The backend allocates the display buffers. */
  readonly 'be-alloc'?: boolean;
}

export interface Connector {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export const displays = devices<Display>('list of displays', readDisplay, formatDisplay);

function readDisplay(text: string, context: ReadContext, item: number): Display | undefined {
  let result: Partial<Display> = {};
  for (const { name, value, text: option } of optionsOf(text)) {
    if (value !== undefined && name === 'backend') result = { ...result, backend: value };
    else if (value !== undefined && name === 'be-alloc') result = { ...result, 'be-alloc': strtoul(value, 0).value !== 0n };
    else if (value !== undefined && name === 'connectors') {
      const { connectors, stopped } = readConnectors(value, context);
      if (connectors.length === 0)
        return void context.refuse('BAD_VALUE', `vdispl: not connectors: ${JSON.stringify(value)}`, {
          item,
          hint: 'Write connectors=ID:WIDTHxHEIGHT;….',
        });
      if (connectors.some(({ width, height }) => width === 0 || height === 0))
        context.warn('BAD_VALUE', `vdispl: a connector without a size: ${JSON.stringify(value)}`, {
          item,
          silent: !stopped,
          hint: 'Write connectors=ID:WIDTHxHEIGHT;….',
        });
      result = { ...result, connectors };
    } else return unknownOption(context, item, option, ['backend', 'be-alloc', 'connectors']);
  }
  if (result.connectors !== undefined) return result as Display;
  return void context.refuse('MISSING', 'vdispl: connectors are missing', { item, hint: 'Add connectors=ID:WIDTHxHEIGHT.' });
}

interface Connectors {
  /** None when xl ends here. */
  readonly connectors: readonly Connector[];
  /** xl complained and went on with what it had. */
  readonly stopped: boolean;
}

const REFUSED: Connectors = { connectors: [], stopped: false };

/** xl ends at a width without a height, but goes on, with what it has, at something that is no number at all. */
function readConnectors(text: string, context: ReadContext): Connectors {
  const pieces = strtok(text, ';');
  const connectors: Connector[] = [];
  for (const piece of pieces) {
    const pair = pairOf(piece, ':', context.xen);
    if (pair === undefined || pair[1].trim() === '') return REFUSED;
    const size = /^\s*([+-]?\d+)(?:x\s*([+-]?\d+))?/.exec(pair[1]);
    if (size === null) {
      const unread = pieces.slice(connectors.length + 1).map((): Connector => ({ id: '', width: 0, height: 0 }));
      return { connectors: [...connectors, { id: pair[0], width: 0, height: 0 }, ...unread], stopped: true };
    }
    if (size[2] === undefined) return REFUSED;
    connectors.push({ id: pair[0], width: pixels(size[1] as string), height: pixels(size[2]) });
  }
  return { connectors, stopped: false };
}

/** `%u` of scanf(3). */
function pixels(digits: string): number {
  return Number(strtoul(digits, 10).value & 0xffffffffn);
}

function formatDisplay(display: Display): string {
  const connectors = display.connectors.map(({ id, width, height }) => {
    if (id !== '' && !/[;:,]/.test(id)) return `${id}:${width}x${height}`;
    throw new XlConfigError('NOT_WRITABLE', `a connector's id cannot be empty or hold ; : or a comma: ${JSON.stringify(id)}`);
  });
  const allocates = display['be-alloc'];
  return formatOptions('vdispl', [
    ['backend', display.backend],
    ['be-alloc', allocates === undefined ? undefined : allocates ? 1 : 0],
    ['connectors', connectors.join(';')],
  ]);
}

/** @internal */
export function displayToLibxl(display: Display, index: number): Fields {
  return defined({
    backend_domname: display.backend,
    devid: index,
    be_alloc: display['be-alloc'],
    connectors: display.connectors.map(({ id, width, height }) => ({ unique_id: id === '' ? undefined : id, width, height })),
  });
}
