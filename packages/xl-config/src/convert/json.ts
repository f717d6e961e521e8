import { XlConfigError } from '../errors.ts';
import type { ReadCode } from '../problem.ts';
import type { KeySpec } from '../schema/key.ts';
import type { ReadContext } from '../schema/kind.ts';
import { guestTypeOf } from '../meaning/domain.ts';
import { specOf, type DomainConfig } from '../schema/schema.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A configuration as plain JSON; numbers beyond 2^53 become strings of digits. */
export function configToJson(config: DomainConfig): Json {
  return JSON.parse(
    JSON.stringify(config, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ) as Json;
}

/**
 * A configuration from JSON. Whatever it holds must survive being written and read again.
 * @throws XlConfigError CONVERT_INVALID or UNKNOWN_KEY, with the key, for anything else.
 */
export function configFromJson(json: unknown): DomainConfig {
  if (json === null || typeof json !== 'object' || Array.isArray(json))
    throw invalid('a configuration is an object with the keys of xl.cfg');
  const config: Record<string, unknown> = {};
  const type = guestTypeOf(json as DomainConfig);
  for (const [key, value] of Object.entries(json)) {
    const spec = specOf(key);
    if (spec === undefined)
      throw new XlConfigError('UNKNOWN_KEY', `xl knows no key ${JSON.stringify(key)}`, { hint: 'See xl.cfg(5) for the keys.' });
    config[key] = settled(key, spec, value, type);
  }
  if (typeof config['name'] !== 'string') throw invalid('the domain has no name');
  return config as DomainConfig;
}

/** Warnings after which a part of the value is gone. */
const FATAL: readonly ReadCode[] = ['WRONG_SHAPE', 'NOT_A_NUMBER', 'ADDED_NUMBER', 'ITEM_IGNORED', 'OPTION_IGNORED'];

function settled(key: string, spec: KeySpec<unknown>, value: unknown, type: ReadContext['type']): unknown {
  const big = spec.kind.label === 'number' && typeof value === 'string' && /^-?[0-9]+$/.test(value) ? BigInt(value) : value;
  const context: ReadContext = {
    key,
    xen: 'master',
    type,
    added: false,
    warn: (code, message) => (FATAL.includes(code) ? fault(key, message) : undefined),
    refuse: (_code, message) => fault(key, message),
  };
  let read: unknown;
  try {
    read = spec.kind.read(spec.kind.write(big).value, context);
  } catch (cause) {
    // A value of the wrong shape breaks the writer in some way; which one does not matter to the caller.
    throw cause instanceof XlConfigError ? cause : invalid(`${key} is not ${spec.kind.label}: ${JSON.stringify(value)}`, cause);
  }
  if (read === undefined || !covers(read, big)) throw invalid(`${key} is not ${spec.kind.label}: ${JSON.stringify(value)}`);
  return read;
}

/** Everything given is there again: same kinds of values, same numbers and switches, no field lost. */
function covers(read: unknown, given: unknown): boolean {
  if (typeof given === 'string') return typeof read === 'string';
  if (given === null || typeof given !== 'object') return read === given;
  if (read === null || typeof read !== 'object' || Array.isArray(given) !== Array.isArray(read)) return false;
  if (Array.isArray(given) && given.length !== (read as unknown[]).length) return false;
  return Object.entries(given).every(([name, value]) => name in read && covers((read as Record<string, unknown>)[name], value));
}

function fault(key: string, message: string): never {
  throw invalid(`${key}: ${message}`);
}

function invalid(message: string, cause?: unknown): XlConfigError {
  return new XlConfigError('CONVERT_INVALID', message, {
    hint: 'Compare with what to-json prints for a file.',
    ...(cause === undefined ? {} : { cause }),
  });
}
