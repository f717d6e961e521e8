import type { Fields } from '../libxl/json.ts';
import { devices } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';
import { defined, formatOptions, pairsOf } from './options.ts';

/** One entry of `channel`: a named byte stream between the guest and its backend. */
export interface Channel {
  readonly connection: 'pty' | 'socket';
  /** Where the socket listens; only with `socket`, and needed there. */
  readonly path?: string;
  readonly name?: string;
  readonly backend?: string;
}

export const channels = devices<Channel>('list of channels', readChannel, (channel) =>
  formatOptions('channel', Object.entries(channel), true),
);

function readChannel(text: string, context: ReadContext, item: number): Channel | undefined {
  const pairs = pairsOf(text, context.xen);
  if (pairs === undefined)
    return void context.refuse('BAD_VALUE', `channel ${JSON.stringify(text)}: options are name=value`, { item });
  const found: { connection?: string; path?: string; name?: string; backend?: string } = {};
  for (const { name, value } of pairs) {
    if (name === 'connection' || name === 'path' || name === 'name' || name === 'backend') found[name] = value;
    else
      context.warn('OPTION_IGNORED', `channel: unknown option ${JSON.stringify(name)}`, {
        item,
        hint: 'Known are connection, path, name, backend.',
      });
    if (name === 'connection' && value !== 'pty' && value !== 'socket') {
      return void context.refuse('BAD_VALUE', `channel: unknown connection ${JSON.stringify(value)}`, {
        item,
        hint: 'Known are pty and socket.',
      });
    }
  }
  if (found.connection === undefined)
    return void context.refuse('MISSING', 'channel: connection is missing', {
      item,
      hint: 'Add connection=pty or connection=socket.',
    });
  if (found.connection === 'socket' && found.path === undefined)
    return void context.refuse('MISSING', 'channel: a socket needs a path', { item, hint: 'Add path=/run/….sock.' });
  return found as Channel;
}

/** @internal */
export function channelToLibxl(channel: Channel, index: number, numbered: boolean): Fields {
  return defined({
    backend_domname: channel.backend,
    devid: numbered ? index : undefined,
    name: channel.name,
    connection: channel.connection,
    u: channel.connection === 'socket' ? { path: channel.path } : undefined,
  });
}
