import { XlConfigError } from '../errors.ts';
import type { SettingValue } from '../grammar/settings.ts';
import { atLeast, XEN_VERSIONS, type XenVersion } from '../versions.ts';
import { strtol } from './c.ts';
import type { Kind, ReadContext, Written } from './kind.ts';

/** Whole numbers; beyond 2^53 as bigint, so that nothing is lost. */
export type Whole = number | bigint;

export const text: Kind<string> = {
  label: 'string',
  read: (value, context) => single(value, context),
  write: (value) => ({ value }),
};

export const number: Kind<Whole> = {
  label: 'number',
  read: (value, context) => {
    const whole = long(value, context);
    return whole === undefined ? undefined : toWhole(whole);
  },
  write: writeWhole,
};

/** xl takes any number: 0 is off, everything else is on. */
export const flag: Kind<boolean> = {
  label: 'boolean (0 or 1)',
  read: (value, context) => {
    const whole = long(value, context);
    if (whole !== undefined && whole !== 0n && whole !== 1n) {
      context.warn('OUT_OF_RANGE', `${context.key} is on or off; ${String(whole)} counts as on`, {
        silent: true,
        hint: 'Write 1.',
        severity: 'note',
      });
    }
    return whole === undefined ? undefined : whole !== 0n;
  },
  write: (value) => ({ value: value ? '1' : '0', bare: true }),
};

/** A whole number whose range xl checks itself, without a word before it gives up. */
export function bounded(max: bigint): Kind<Whole> {
  return {
    label: 'number',
    read: (value, context) => {
      const whole = long(value, { ...context, warn: () => undefined });
      if (whole !== undefined && whole >= 0n && whole <= max) return toWhole(whole);
      context.refuse('BAD_VALUE', `${context.key} must be a number from 0 to ${String(max)}`, { silent: true });
      return undefined;
    },
    write: writeWhole,
  };
}

export interface ChoiceOptions {
  /** libxl compares its enumerations without case, xl its own lists with it. @default 'any' */
  readonly case?: 'any' | 'exact';
  /** Other spellings and the word that each stands for. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Releases that a word belongs to: `4.18-` or `-4.20`. */
  readonly releases?: Readonly<Record<string, `${XenVersion}-` | `-${XenVersion}`>>;
}

export function choice<const W extends string>(words: readonly W[], options: ChoiceOptions = {}): Kind<W> {
  return {
    label: words.map((word) => `"${word}"`).join(' | '),
    read: (value, context) => {
      const given = single(value, context);
      return given === undefined ? undefined : word(given, words, options, context);
    },
    write: (value) => ({ value: wordOf(value, words) }),
  };
}

/** One of libxl's words or its number, as old files have it. */
export function numberedChoice<const W extends string>(words: readonly W[], deprecated: boolean): Kind<W> {
  return {
    label: words.map((name) => `"${name}"`).join(' | '),
    read: (value, context) => {
      const whole = long(value, { ...context, warn: () => undefined });
      if (whole === undefined) {
        const given = single(value, context);
        return given === undefined ? undefined : word(given, words, {}, context);
      }
      const found = whole >= 0n ? words[Number(whole)] : undefined;
      if (deprecated) {
        const hint = found === undefined ? undefined : `Write ${context.key} = "${found}".`;
        context.warn('DEPRECATED', `${context.key} as a number is deprecated`, hint === undefined ? {} : { hint });
      }
      if (found === undefined)
        context.refuse('BAD_VALUE', `${context.key} has no value ${String(whole)}`, { hint: `Known are ${words.join(', ')}.` });
      return found;
    },
    write: (value) => ({ value: wordOf(value, words) }),
  };
}

/** A list of strings. A list inside it ends it. */
export const texts: Kind<readonly string[]> = {
  label: 'list of strings',
  read: (value, context) => items(value, context, false),
  write: (value) => ({ value }),
};

/** Like {@link texts}, but xl ends when it is no list. */
export const neededTexts: Kind<readonly string[]> = { ...texts, read: (value, context) => items(value, context, true) };

export const textOrTexts: Kind<string | readonly string[]> = {
  label: 'string or list of strings',
  read: (value, context) => (typeof value === 'string' ? value : items(value, context, false)),
  write: (value) => ({ value }),
};

/** A list of device strings, each read by `read`, which answers `undefined` for what xl refuses. */
export function devices<T>(
  label: string,
  read: (text: string, context: ReadContext, item: number) => T | undefined,
  format: (value: T) => string,
): Kind<readonly T[]> {
  return {
    label,
    read: (value, context) => items(value, context, false)?.flatMap((item, index) => read(item, context, index) ?? []),
    write: (values) => ({ value: values.map(format) }),
  };
}

/** Like {@link devices}, for the lists that xl refuses when an item is a list. */
export function strictDevices<T>(
  label: string,
  read: (text: string, context: ReadContext, item: number) => T | undefined,
  format: (value: T) => string,
): Kind<readonly T[]> {
  return {
    label,
    read: (value, context) => {
      if (typeof value === 'string') return void wrongShape(context, 'a list', 'a single value');
      const broken = value.findIndex((item) => typeof item !== 'string');
      if (broken !== -1) return void context.refuse('BAD_VALUE', `${context.key} takes strings, not lists`, { item: broken });
      return value.flatMap((item, index) => read(item as string, context, index) ?? []);
    },
    write: (values) => ({ value: values.map(format) }),
  };
}

/** A single value, or a warning. */
export function single(value: SettingValue, context: ReadContext): string | undefined {
  if (typeof value === 'string') return value;
  return void wrongShape(context, 'a single value', 'a list');
}

/** The strings of a list up to the first item that is none. `fatal`: xl ends when it is no list at all. */
export function items(value: SettingValue, context: ReadContext, fatal: boolean): string[] | undefined {
  if (typeof value === 'string') {
    if (fatal) context.refuse('WRONG_SHAPE', `${context.key} must be a list`, { hint: `Write ${context.key} = [ … ].` });
    else wrongShape(context, 'a list', 'a single value');
    return undefined;
  }
  const end = value.findIndex((item) => typeof item !== 'string');
  if (end === -1) return value as string[];
  context.warn('ITEM_IGNORED', `${context.key}: xl stops at item ${end + 1}, which is a list`, {
    item: end,
    silent: true,
    hint: 'Quote each item as one string.',
  });
  return value.slice(0, end) as string[];
}

/** strtol(3) over the whole value, as xlu_cfg_get_long does it. */
export function long(value: SettingValue, context: ReadContext): bigint | undefined {
  const given = single(value, context);
  if (given === undefined) return undefined;
  if (context.added)
    return void context.warn('ADDED_NUMBER', `${context.key} is a number: += cannot be used with it`, { hint: 'Use =.' });
  const { value: whole, length, overflow } = strtol(given, 0);
  if (length === given.length && length > 0 && !overflow) return whole;
  return void context.warn('NOT_A_NUMBER', `${context.key} is not a number: ${JSON.stringify(given)}`, {
    hint: 'Decimal, 0x… or octal 0…; 1 and 0 for yes and no.',
  });
}

export function toWhole(value: bigint): Whole {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function writeWhole(value: Whole): Written {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new XlConfigError('NOT_WRITABLE', `not a whole number: ${value}`, {
      hint: 'xl.cfg has whole numbers only; use a bigint beyond 2^53.',
    });
  }
  if (BigInt.asIntN(64, BigInt(value)) !== BigInt(value))
    throw new XlConfigError('NOT_WRITABLE', `xl cannot read a number beyond 64 bits: ${String(value)}`);
  return { value: String(value), bare: true };
}

function wrongShape(context: ReadContext, wanted: string, given: string): void {
  context.warn('WRONG_SHAPE', `${context.key} is ${given}, xl wants ${wanted} and ignores it`, {
    hint: `Write ${context.key} as ${wanted}.`,
  });
}

function word<W extends string>(given: string, words: readonly W[], options: ChoiceOptions, context: ReadContext): W | undefined {
  const folded = options.case === 'exact' ? given : given.toLowerCase();
  const found = words.find(
    (candidate) => candidate === (options.aliases?.[folded] ?? folded) && inRelease(options.releases?.[candidate], context.xen),
  );
  if (found === undefined)
    context.refuse('BAD_VALUE', `${context.key} has no value ${JSON.stringify(given)}`, {
      hint: `Known are ${words.join(', ')}.`,
    });
  return found;
}

function inRelease(range: string | undefined, xen: XenVersion): boolean {
  if (range === undefined) return true;
  const [since, until] = range.split('-') as [XenVersion | '', XenVersion | ''];
  return since === '' ? XEN_VERSIONS.indexOf(xen) <= XEN_VERSIONS.indexOf(until as XenVersion) : atLeast(xen, since);
}

/** A kind that xl reads without a word when the value has the wrong shape or is no number. */
export function quiet<T>(kind: Kind<T>): Kind<T> {
  return {
    ...kind,
    read: (value, context) =>
      kind.read(value, {
        ...context,
        warn: (code, message, options) => context.warn(code, message, { ...options, silent: true }),
      }),
  };
}

function wordOf<W extends string>(value: W, words: readonly W[]): W {
  if (words.includes(value)) return value;
  throw new XlConfigError('NOT_WRITABLE', `not one of ${words.join(', ')}: ${JSON.stringify(value)}`);
}
