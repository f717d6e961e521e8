import type { Fields } from '../libxl/json.ts';
import { atoi } from '../schema/c.ts';
import { devices } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';
import { defined, formatOptions, optionsOf } from './options.ts';

/** One entry of `vfb`: a paravirtual framebuffer, shown over VNC or SDL. */
export interface Framebuffer {
  readonly vnc?: boolean;
  readonly vnclisten?: string;
  readonly vncpasswd?: string;
  readonly vncdisplay?: number;
  readonly vncunused?: boolean;
  readonly keymap?: string;
  readonly sdl?: boolean;
  readonly opengl?: boolean;
  readonly display?: string;
  readonly xauthority?: string;
}

const FLAGS = ['vnc', 'vncunused', 'sdl', 'opengl'] as const;
const TEXTS = ['vnclisten', 'vncpasswd', 'keymap', 'display', 'xauthority'] as const;

export const framebuffers = devices<Framebuffer>('list of framebuffers', readFramebuffer, formatFramebuffer);

/** xl passes over what it does not know here, and stops at an option without a value, without a word. */
function readFramebuffer(text: string, context: ReadContext, item: number): Framebuffer {
  const result: { -readonly [K in keyof Framebuffer]: Framebuffer[K] } = {};
  for (const { name, value } of optionsOf(text)) {
    if (value === undefined) {
      context.warn('OPTION_IGNORED', `vfb: xl stops reading at ${JSON.stringify(name)}`, {
        item,
        silent: true,
        hint: 'Options are name=value.',
      });
      break;
    }
    const flag = FLAGS.find((known) => known === name);
    const word = TEXTS.find((known) => known === name);
    if (flag !== undefined) result[flag] = atoi(value) !== 0;
    else if (word !== undefined) result[word] = value;
    else if (name === 'vncdisplay') result.vncdisplay = atoi(value);
    else
      context.warn('OPTION_IGNORED', `vfb: xl does not know ${JSON.stringify(name)}`, {
        item,
        silent: true,
        hint: `Known are ${[...FLAGS, ...TEXTS, 'vncdisplay'].join(', ')}.`,
      });
  }
  return result;
}

function formatFramebuffer(framebuffer: Framebuffer): string {
  return formatOptions(
    'vfb',
    Object.entries(framebuffer).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? (value ? 1 : 0) : (value as string | number),
    ]),
  );
}

/** @internal */
export function framebufferToLibxl(framebuffer: Framebuffer, index: number): Fields {
  return defined({ devid: index, vnc: vncToLibxl(framebuffer), sdl: sdlToLibxl(framebuffer), keymap: framebuffer.keymap });
}

/** @internal */
export function vncToLibxl({ vnc, vnclisten, vncpasswd, vncdisplay, vncunused }: Framebuffer): Fields {
  return defined({ enable: vnc, listen: vnclisten, passwd: vncpasswd, display: vncdisplay, findunused: vncunused });
}

/** @internal */
export function sdlToLibxl({ sdl, opengl, display, xauthority }: Framebuffer): Fields {
  return defined({ enable: sdl, opengl, display, xauthority });
}
