import { XlConfigError } from '../errors.ts';
import type { SettingValue } from '../grammar/settings.ts';
import type { Fields } from '../libxl/json.ts';
import { strtok, strtoul } from '../schema/c.ts';
import type { Kind, ReadContext } from '../schema/kind.ts';
import { items } from '../schema/kinds.ts';
import { defined, formatOptions, optionsOf, type Option } from './options.ts';

/** What a card, its PCM devices and their streams can each set. */
export interface SoundParameters {
  readonly 'sample-rates'?: readonly number[];
  readonly 'sample-formats'?: readonly string[];
  readonly 'channels-min'?: number;
  readonly 'channels-max'?: number;
  readonly 'buffer-size'?: number;
}

export interface SoundStream extends SoundParameters {
  readonly 'unique-id'?: string;
  /** Playback or capture. */
  readonly type?: 'p' | 'c';
}

export interface SoundDevice extends SoundParameters {
  readonly name?: string;
  readonly streams?: readonly SoundStream[];
}

/** One entry of `vsnd`: a paravirtual sound card. */
export interface SoundCard extends SoundParameters {
  readonly backend?: string;
  readonly 'short-name'?: string;
  readonly 'long-name'?: string;
  readonly pcms?: readonly SoundDevice[];
}

/** PCM formats, in libxl's words. */
const FORMATS = new Set(
  's8 u8 s16_le s16_be u16_le u16_be s24_le s24_be u24_le u24_be s32_le s32_be u32_le u32_be f32_le f32_be f64_le f64_be iec958_subframe_le iec958_subframe_be mu_law a_law ima_adpcm mpeg gsm'.split(
    ' ',
  ),
);
const NUMBERS = ['channels-min', 'channels-max', 'buffer-size'] as const;

type Draft = Record<string, unknown>;

/** Each card is a list of strings: `card,…`, then `pcm,…` with `stream,…` after the device that they belong to. */
export const soundCards: Kind<readonly SoundCard[]> = {
  label: 'list of sound cards',
  read: (value, context) => {
    if (typeof value === 'string')
      return void context.warn('WRONG_SHAPE', 'vsnd is a single value, xl wants a list and ignores it', {
        hint: 'Write vsnd = [[ … ]].',
      });
    const cards: SoundCard[] = [];
    for (const [item, entry] of value.entries()) {
      const card = readCard(entry, context, item);
      if (card === undefined) return undefined;
      cards.push(card);
    }
    return cards;
  },
  write: (cards) => ({ value: cards.map(writeCard) }),
};

function readCard(entry: SettingValue, context: ReadContext, item: number): SoundCard | undefined {
  if (typeof entry === 'string')
    return void context.refuse('WRONG_SHAPE', 'vsnd: each card is a list of strings', {
      item,
      hint: 'Write vsnd = [["card, …", "pcm, …", "stream, …"]].',
    });
  const card: Draft = {};
  for (const text of items(entry, context, false) ?? []) {
    const fault = readPart(card, text);
    if (fault !== undefined) return void context.refuse('BAD_VALUE', `vsnd ${JSON.stringify(text)}: ${fault}`, { item });
  }
  return card;
}

function readPart(card: Draft, text: string): string | undefined {
  const [head, ...options] = optionsOf(text);
  if (head === undefined) return undefined;
  const part = head.text.toLowerCase();
  if (part === 'card') return firstFault(options, (option) => setCard(card, option));
  if (part !== 'pcm' && part !== 'stream') return `unknown part ${JSON.stringify(head.text)}: known are card, pcm, stream`;
  const devices = (card['pcms'] ??= []) as Draft[];
  if (part === 'pcm' || devices.length === 0) devices.push({});
  const device = devices.at(-1) as Draft;
  if (part === 'pcm') return firstFault(options, (option) => setParameter(device, option) ?? setText(device, option, ['name']));
  const streams = (device['streams'] ??= []) as Draft[];
  streams.push({});
  return firstFault(options, (option) => setStream(streams.at(-1) as Draft, option));
}

/** An answer of `true` means done, a text why not. */
type Answer = true | string | undefined;

function firstFault(options: readonly Option[], set: (option: Option) => Answer): string | undefined {
  for (const option of options) {
    const answer = set(option);
    if (answer !== true) return answer ?? `unknown parameter ${JSON.stringify(option.text)}`;
  }
  return undefined;
}

function setCard(card: Draft, option: Option): Answer {
  return setParameter(card, option) ?? setText(card, option, ['backend', 'short-name', 'long-name']);
}

function setStream(stream: Draft, option: Option): Answer {
  if (option.name !== 'type' || option.value === undefined)
    return setParameter(stream, option) ?? setText(stream, option, ['unique-id']);
  if (!/^[pc]$/i.test(option.value)) return `unknown stream type ${JSON.stringify(option.value)}: known are p, c`;
  stream['type'] = option.value.toLowerCase();
  return true;
}

function setText(into: Draft, { name, value }: Option, known: readonly string[]): Answer {
  if (value === undefined || !known.includes(name)) return undefined;
  into[name] = value;
  return true;
}

function setParameter(into: Draft, { name, value }: Option): Answer {
  if (value === undefined) return undefined;
  if ((NUMBERS as readonly string[]).includes(name)) into[name] = number(value);
  else if (name === 'sample-rates') into[name] = strtok(value, ';').map(number);
  else if (name === 'sample-formats') {
    const formats = strtok(value, ';').map((format) => format.toLowerCase());
    const unknown = formats.find((format) => !FORMATS.has(format));
    if (unknown !== undefined) return `unknown PCM format ${JSON.stringify(unknown)}`;
    into[name] = formats;
  } else return undefined;
  // An empty list of rates or formats makes xl crash.
  return Array.isArray(into[name]) && (into[name] as unknown[]).length === 0 ? `${name} is empty` : true;
}

function number(text: string): number {
  return Number(strtoul(text, 0).value & 0xffffffffn);
}

function writeCard(card: SoundCard): string[] {
  const { pcms = [], ...own } = card;
  const part = (head: string, options: object): string => {
    const text = formatOptions(
      'vsnd',
      Object.entries(options).map(([name, value]) => [
        name,
        Array.isArray(value) ? joined(name, value) : (value as string | number),
      ]),
    );
    return text === '' ? head : `${head},${text}`;
  };
  return [
    ...(Object.keys(own).length === 0 ? [] : [part('card', own)]),
    ...pcms.flatMap(({ streams = [], ...device }) => [part('pcm', device), ...streams.map((stream) => part('stream', stream))]),
  ];
}

function joined(name: string, values: readonly unknown[]): string {
  if (values.length === 0) throw new XlConfigError('NOT_WRITABLE', `vsnd ${name} is empty`, { hint: 'Leave it out.' });
  return values.join(';');
}

/** @internal */
export function soundCardToLibxl(card: SoundCard, index: number): Fields {
  return defined({
    backend_domname: card.backend,
    devid: index,
    short_name: card['short-name'],
    long_name: card['long-name'],
    params: parameters(card),
    pcms: (card.pcms ?? []).map((device) => ({
      name: device.name,
      params: parameters(device),
      streams: (device.streams ?? []).map((stream) => ({
        unique_id: stream['unique-id'],
        type: stream.type,
        params: parameters(stream),
      })),
    })),
  });
}

function parameters(from: SoundParameters): Fields {
  return {
    sample_rates: from['sample-rates'],
    sample_formats: from['sample-formats'],
    channels_min: from['channels-min'],
    channels_max: from['channels-max'],
    buffer_size: from['buffer-size'],
  };
}
