import { XlConfigError } from '../errors.ts';
import type { Kind } from '../schema/kind.ts';
import { single } from '../schema/kinds.ts';
import { defined } from './options.ts';

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
    const { strategy, policy, complaints, dropped } = scanRdm(given);
    for (const complaint of complaints)
      context.warn('OPTION_IGNORED', `rdm: xl does not know ${JSON.stringify(complaint)}`, { hint: 'Write strategy=host.' });
    if (policy !== undefined)
      context.warn('CONFLICT', 'rdm: xl drops the whole key because of policy= (it reads the policy the wrong way round)', {
        silent: true,
        hint: 'Set rdm_policy on each pci device.',
      });
    else if (dropped && complaints.length === 0)
      context.warn('OPTION_IGNORED', `rdm: xl does not understand ${JSON.stringify(given)} and drops the key`, {
        silent: true,
        hint: 'Write strategy=host.',
      });
    if (dropped && policy === undefined) return undefined;
    return strategy === undefined && policy === undefined ? undefined : defined({ strategy, policy });
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
  const { strategy = 'ignore', dropped } = scanRdm(text);
  return dropped ? undefined : { strategy };
}

interface Scan {
  readonly strategy: 'host' | undefined;
  /** A policy that libxlu knows, at which it stops. */
  readonly policy: 'strict' | 'relaxed' | undefined;
  /** What libxlu complains of. */
  readonly complaints: readonly string[];
  readonly dropped: boolean;
}

/** libxlu's way through the text: a name runs to the next `=`, a value to the next comma. */
function scanRdm(text: string): Scan {
  const complaints: string[] = [];
  let strategy: Scan['strategy'];
  const end = (policy?: Scan['policy'], dropped = true): Scan => ({ strategy, policy, complaints, dropped });
  for (let rest: string | undefined = text; rest !== undefined;) {
    const equals: number = rest.indexOf('=');
    if (equals === -1) return end();
    const comma: number = rest.indexOf(',', equals);
    const [name, word]: [string, string] = [rest.slice(0, equals), rest.slice(equals + 1, comma === -1 ? undefined : comma)];
    if (name === 'strategy' && word === 'host') strategy = 'host';
    else if (name === 'policy' && /^(strict|relaxed|invalid)$/i.test(word))
      return end(POLICIES.find((one) => one === word.toLowerCase()));
    else {
      complaints.push(`${name}=${word}`);
      if (name !== 'policy') return end();
    }
    rest = comma === -1 ? undefined : rest.slice(comma + 1);
  }
  return end(undefined, false);
}

const POLICIES = ['strict', 'relaxed'] as const;
