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
      const connectors = strtok(value, ';').map((connector) => readConnector(connector, context));
      if (connectors.length === 0 || connectors.includes(undefined)) {
        return void context.refuse('BAD_VALUE', `vdispl: not connectors: ${JSON.stringify(value)}`, { item, hint: 'Write connectors=ID:WIDTHxHEIGHT;….' });
      }
      result = { ...result, connectors: connectors as Connector[] };
    } else return unknownOption(context, item, option, ['backend', 'be-alloc', 'connectors']);
  }
  if (result.connectors !== undefined) return result as Display;
  return void context.refuse('MISSING', 'vdispl: connectors are missing', { item, hint: 'Add connectors=ID:WIDTHxHEIGHT.' });
}

function readConnector(text: string, context: ReadContext): Connector | undefined {
  const pair = pairOf(text, ':', context.xen);
  const size = /^\s*([+-]?\d+)x\s*([+-]?\d+)/.exec(pair?.[1] ?? '');
  if (pair === undefined || size === null) return undefined;
  const [width, height] = [size[1], size[2]].map((digits) => Number(BigInt.asUintN(32, BigInt(Number(digits) > Number.MAX_SAFE_INTEGER ? -1 : Number(digits)))));
  return { id: pair[0], width: width as number, height: height as number };
}

function formatDisplay(display: Display): string {
  const connectors = display.connectors.map(({ id, width, height }) => {
    if (id !== '' && !/[;:,]/.test(id)) return `${id}:${width}x${height}`;
    throw new XlConfigError('NOT_WRITABLE', `a connector's id cannot be empty or hold ; : or a comma: ${JSON.stringify(id)}`);
  });
  const allocates = display['be-alloc'];
  return formatOptions('vdispl', [['backend', display.backend], ['be-alloc', allocates === undefined ? undefined : allocates ? 1 : 0], ['connectors', connectors.join(';')]]);
}

/** @internal */
export function displayToLibxl(display: Display, index: number): Fields {
  return defined({
    backend_domname: display.backend,
    devid: index,
    be_alloc: display['be-alloc'],
    connectors: display.connectors.map(({ id, width, height }) => ({ unique_id: id, width, height })),
  });
}
