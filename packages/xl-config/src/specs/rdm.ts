import { XlConfigError } from '../errors.ts';
import type { Kind } from '../schema/kind.ts';
import { single } from '../schema/kinds.ts';
import { optionsOf } from './options.ts';

/** Reserved device memory of passed-through devices: which regions to keep free, and how strictly. */
export interface Rdm {
  readonly strategy?: 'host';
  readonly policy?: 'strict' | 'relaxed';
}

/**
 * `rdm` as its manual page has it. libxlu (up to master) takes a known policy for an error and drops the whole key
 * then, in silence; so `policy` can be written and read here, but has no effect in xl.
 */
export const rdm: Kind<Rdm> = {
  label: '"strategy=host,policy=strict|relaxed"',
  read: (value, context) => {
    const given = single(value, context);
    if (given === undefined) return undefined;
    const result: { -readonly [K in keyof Rdm]: Rdm[K] } = {};
    for (const { name, value: word, text } of optionsOf(given)) {
      if (name === 'strategy' && word === 'host') result.strategy = 'host';
      else if (name === 'policy' && (word === 'strict' || word === 'relaxed')) result.policy = word;
      else
        return void context.warn('OPTION_IGNORED', `rdm: xl does not understand ${JSON.stringify(text)} and drops the key`, {
          silent: true,
          hint: 'Write strategy=host.',
        });
    }
    if (result.policy !== undefined) {
      const hint = 'Set rdm_policy on each pci device.';
      context.warn('CONFLICT', 'rdm: xl drops the whole key because of policy= (it reads the policy the wrong way round)', {
        silent: true,
        hint,
      });
    }
    return result.strategy === undefined && result.policy === undefined ? undefined : result;
  },
  write: (value) => ({ value: formatRdm(value) }),
};

export function formatRdm(value: Rdm): string {
  if (value.strategy === undefined && value.policy === undefined)
    throw new XlConfigError('NOT_WRITABLE', 'rdm needs a strategy or a policy');
  return [value.strategy === undefined ? '' : 'strategy=host', value.policy === undefined ? '' : `policy=${value.policy}`]
    .filter((part) => part !== '')
    .join(',');
}

/** What libxlu makes of the text: `undefined` when it drops it. For the comparison with libxlutil. @internal */
export function effectiveRdm(text: string): { readonly strategy: 'ignore' | 'host' } | undefined {
  let strategy: 'ignore' | 'host' = 'ignore';
  if (text === '') return undefined;
  for (const piece of text.split(',')) {
    const equals = piece.indexOf('=');
    const name = piece.slice(0, Math.max(equals, 0));
    const word = piece.slice(equals + 1);
    if (equals === -1 || (name !== 'strategy' && name !== 'policy')) return undefined;
    if (name === 'strategy' && word !== 'host') return undefined;
    if (name === 'policy' && /^(strict|relaxed|invalid)$/i.test(word)) return undefined;
    if (name === 'strategy') strategy = 'host';
  }
  return { strategy };
}
