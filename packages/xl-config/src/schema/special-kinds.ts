import type { Kind } from './kind.ts';
import { items, long, neededTexts, single } from './kinds.ts';
import { parseUuid } from '../specs/uuid.ts';

/** xl compares only as far as the given text goes, in this order: an empty text is hvm, `p` is pv. */
function prefixed<const W extends string>(words: readonly W[]): Kind<W> {
  return {
    label: words.map((word) => `"${word}"`).join(' | '),
    read: (value, context) => {
      const given = single(value, context);
      if (given === undefined) return undefined;
      const found = words.find((word) => word.startsWith(given));
      if (found === undefined)
        context.refuse('BAD_VALUE', `${context.key} has no value ${JSON.stringify(given)}`, {
          hint: `Known are ${words.join(', ')}.`,
        });
      else if (found !== given)
        context.warn('BAD_VALUE', `${context.key} ${JSON.stringify(given)} counts as "${found}"`, {
          silent: true,
          hint: `Write "${found}".`,
        });
      return found;
    },
    write: (value) => ({ value }),
  };
}

export const guestType = prefixed(['hvm', 'pv', 'pvh']);
export const oldBuilder = prefixed(['hvm', 'generic']);

export const uuid: Kind<string> = {
  label: 'UUID',
  read: (value, context) => {
    const given = single(value, context);
    const parsed = given === undefined ? undefined : parseUuid(given);
    if (given !== undefined && parsed === undefined)
      context.refuse('BAD_VALUE', `not a UUID: ${JSON.stringify(given)}`, {
        hint: 'Leave it out for a random one, or take one from uuidgen.',
      });
    return parsed;
  },
  write: (value) => ({ value }),
};

/** A bit mask of groups: switched as one, or one by one. */
export const viridian: Kind<boolean | readonly string[]> = {
  label: 'boolean or list of groups',
  read: (value, context) => {
    if (typeof value !== 'string') return readGroups(items(value, context, false) ?? [], value.length, context);
    const whole = long(value, { ...context, warn: () => undefined });
    if (whole !== undefined) return whole !== 0n;
    return void context.warn('NOT_A_NUMBER', `viridian is neither a list nor 0 or 1: ${JSON.stringify(value)}`, {
      silent: true,
      hint: 'Write viridian = 1.',
    });
  },
  write: (value) => (typeof value === 'boolean' ? { value: value ? '1' : '0', bare: true } : { value }),
};

/** The Hyper-V interfaces that Xen can show, by the number of their bit. */
export const VIRIDIAN_GROUPS: readonly string[] = [
  'base',
  'freq',
  'time_ref_count',
  'reference_tsc',
  'hcall_remote_tlb_flush',
  'apic_assist',
  'crash_ctl',
  'synic',
  'stimer',
  'hcall_ipi',
  'ex_processor_masks',
  'no_vp_limit',
  'cpu_hotplug',
];

function readGroups(
  groups: readonly string[],
  given: number,
  context: Parameters<Kind<unknown>['read']>[1],
): readonly string[] | undefined {
  if (groups.length < given)
    return void context.refuse('BAD_VALUE', 'viridian: xl crashes on a list inside the list', { item: groups.length });
  const known = (group: string): boolean =>
    group === 'all' || group === 'defaults' || VIRIDIAN_GROUPS.includes(group.replace(/^!/, '').toLowerCase());
  const unknown = groups.findIndex((group) => !known(group));
  if (unknown === -1) return groups;
  return void context.refuse('BAD_VALUE', `viridian has no group ${JSON.stringify(groups[unknown])}`, {
    item: unknown,
    hint: `Known are ${VIRIDIAN_GROUPS.join(', ')}, all, defaults.`,
  });
}

/** Emulated machine check capabilities. */
export const machineChecks: Kind<readonly 'lmce'[]> = {
  label: 'list of "lmce"',
  read: (value, context) => {
    const given = neededTexts.read(value, context);
    if (given === undefined) return undefined;
    if (given.length < value.length || given.some((word) => word !== 'lmce'))
      return void context.refuse('BAD_VALUE', 'mca_caps knows only "lmce"');
    return given as 'lmce'[];
  },
  write: (value) => ({ value }),
};

/** On, off, or on with a named kind of card. */
export const graphicsPassthrough: Kind<boolean | 'default' | 'igd'> = {
  label: 'boolean | "default" | "igd"',
  read: (value, context) => {
    const whole = long(value, { ...context, warn: () => undefined });
    if (whole !== undefined) return whole !== 0n;
    const given = single(value, context)?.toLowerCase();
    if (given === undefined || given === 'default' || given === 'igd') return given;
    return void context.refuse('BAD_VALUE', `gfx_passthru has no value ${JSON.stringify(given)}`, {
      hint: 'Known are 0, 1, "igd".',
    });
  },
  write: (value) => (typeof value === 'boolean' ? { value: value ? '1' : '0', bare: true } : { value }),
};

/** `type=none` or `type=scmi_smc`; other options are passed over. */
export const armSci: Kind<'none' | 'scmi_smc'> = {
  label: '"type=none" | "type=scmi_smc"',
  read: (value, context) => {
    if (typeof value !== 'string') return undefined;
    let type: 'none' | 'scmi_smc' | undefined;
    for (const option of value.split(',')) {
      if (!option.startsWith('type=')) continue;
      const word = option.slice('type='.length).toLowerCase();
      if (word !== 'none' && word !== 'scmi_smc')
        return void context.refuse('BAD_VALUE', `arm_sci has no type ${JSON.stringify(word)}`, {
          hint: 'Known are none and scmi_smc.',
        });
      type = word;
    }
    return type;
  },
  write: (value) => ({ value: `type=${value}` }),
};

/** A set of processors for all virtual ones, or one set each. xl reads garbage for what follows a list in the list. */
export const affinity: Kind<string | readonly string[]> = {
  label: 'string or list of strings',
  read: (value, context) => {
    if (typeof value === 'string') return value;
    const given = items(value, context, false) ?? [];
    return [...given, ...value.slice(given.length).map(() => '')];
  },
  write: (value) => ({ value }),
};

/** A list, or words of one string as old files have them. */
export const argumentList: Kind<string | readonly string[]> = {
  ...affinity,
  read: (value, context) => {
    if (typeof value !== 'string') return items(value, context, false);
    context.warn('DEPRECATED', `${context.key} as one string is deprecated`, { hint: 'Write a list of arguments.' });
    return value;
  },
};

/** The generation ID is made by xl, or there is none. */
export const generationId: Kind<'generate' | 'none'> = {
  label: '"generate" | "none"',
  read: (value, context) => {
    const given = single(value, context);
    if (given === undefined || given === 'generate' || given === 'none') return given;
    return void context.refuse('BAD_VALUE', `ms_vm_genid has no value ${JSON.stringify(given)}`, {
      hint: 'Known are generate and none.',
    });
  },
  write: (value) => ({ value }),
};

/** A number that xl reads without complaint when it is none; beyond 16 bits it ends. */
export const viewCount: Kind<number> = {
  label: 'number',
  read: (value, context) => {
    const whole = long(value, { ...context, warn: () => undefined });
    if (whole === undefined) return undefined;
    if (whole >= 0n && whole <= 0xffffn) return Number(whole);
    return void context.refuse('BAD_VALUE', `altp2m_count must be a number from 0 to 65535`);
  },
  write: (value) => ({ value: String(value), bare: true }),
};
