import type { Assignment, Document } from '../grammar/tree.ts';
import { assignmentOf } from '../meaning/place.ts';
import type { Interpretation } from '../meaning/interpret.ts';
import { KEY_NAMES, specOf } from '../schema/schema.ts';
import { atLeast } from '../versions.ts';
import type { Draft, Fix } from './diagnostic.ts';
import { removal, replace } from '../text/edits.ts';
import { nearest } from '../schema/suggest.ts';
import { isOfDeviceModel } from './device-rules.ts';

/** Names that are allowed although xl does not know them: a list, or a pattern of the tool that reads them. */
export type Extensions = readonly string[] | RegExp;

/** Unknown, newer, misplaced and repeated keys, and numbers out of their range. */
export function keyDrafts(interpretation: Interpretation, extensions: Extensions): Draft[] {
  const { document } = interpretation;
  return [
    ...unknown(interpretation, extensions),
    ...unread(interpretation),
    ...screenless(interpretation),
    ...ranges(interpretation),
    ...implicitType(interpretation),
    ...duplicates(document),
  ];
}

function unknown({ document, reading, xen }: Interpretation, extensions: Extensions): Draft[] {
  let known: readonly string[] | undefined;
  const allowed = (name: string): boolean => (extensions instanceof RegExp ? extensions.test(name) : extensions.includes(name));
  return reading.unknown.flatMap(({ name }): Draft[] => {
    const assignment = assignmentOf(document, name);
    if (assignment === undefined || allowed(name)) return [];
    const span = assignment.nameSpan;
    const since = specOf(name)?.since;
    if (since !== undefined)
      return [
        {
          code: 'newer-key',
          message: `${name} came with Xen ${since}; xl ${xen} does not read it`,
          hint: 'Remove the key, or check for a newer Xen.',
          key: name,
          span,
        },
      ];
    known ??= KEY_NAMES.filter((key) => atLeast(xen, specOf(key)?.since ?? '4.17'));
    const meant = nearest(name, known);
    const fix = meant === undefined || assignmentOf(document, meant) !== undefined ? undefined : renamed(document, name, meant);
    const hint = meant === undefined ? 'Remove the key.' : `Did you mean ${meant}?`;
    return [
      { code: 'unknown-key', message: `xl knows no key ${name}`, hint, key: name, span, ...(fix === undefined ? {} : { fix }) },
    ];
  });
}

function renamed({ byName }: Document, name: string, meant: string): Fix {
  return {
    title: `Rename to ${meant}`,
    edits: (byName.get(name) ?? []).map(({ nameSpan }) => replace(nameSpan, meant)),
    safe: false,
  };
}

function unread({ document, reading }: Interpretation): Draft[] {
  return reading.unread.flatMap((name): Draft[] => {
    const assignment = assignmentOf(document, name);
    const guests = specOf(name)?.guests?.join(' and ') ?? 'other';
    if (assignment === undefined || specOf(name)?.refusedFor !== undefined || isOfDeviceModel(name, reading.type)) return [];
    return [
      {
        code: 'other-guest',
        message: `${name} is for ${guests} guests; this one is ${reading.type}`,
        hint: 'Remove the key, or change the type.',
        key: name,
        span: assignment.nameSpan,
      },
    ];
  });
}

function screenless({ document, reading }: Interpretation): Draft[] {
  return reading.screenless.flatMap((name): Draft[] => {
    const assignment = assignmentOf(document, name);
    if (assignment === undefined || (reading.config as unknown as Record<string, unknown>)[name] === false) return [];
    const hint = (reading.config.vfb ?? []).length > 0 ? 'Write it into vfb.' : 'Add vnc = 1, or remove the key.';
    return [{ code: 'no-screen', message: `xl does not read ${name} here`, hint, key: name, span: assignment.nameSpan }];
  });
}

function ranges({ document, reading }: Interpretation): Draft[] {
  return Object.entries(reading.config).flatMap(([name, value]): Draft[] => {
    const { min, max, unit = '' } = specOf(name) ?? {};
    if (
      (typeof value !== 'number' && typeof value !== 'bigint') ||
      ((min === undefined || value >= min) && (max === undefined || value <= max))
    )
      return [];
    const bounds = [min === undefined ? '' : `at least ${min}`, max === undefined ? '' : `at most ${max}`]
      .filter((bound) => bound !== '')
      .join(' and ');
    const span = assignmentOf(document, name)?.value ?? { start: 0, end: 0 };
    return [
      {
        code: 'out-of-range',
        message: `${name} is ${String(value)}`,
        hint: `It should be ${bounds}${unit === '' ? '' : ` ${unit}`}.`,
        key: name,
        span,
      },
    ];
  });
}

function implicitType({ document, reading }: Interpretation): Draft[] {
  const name = assignmentOf(document, 'name');
  if (name === undefined || reading.config.type !== undefined || reading.config.builder !== undefined) return [];
  return [
    {
      code: 'implicit-type',
      message: 'type is not given: pv on x86, pvh on Arm',
      hint: 'Add type = "pv", "pvh" or "hvm".',
      key: 'type',
      span: name.nameSpan,
    },
  ];
}

/** Assignments that a later `=` makes pointless. */
function duplicates(document: Document): Draft[] {
  const last = new Map<string, Assignment>();
  for (const assignment of document.assignments) if (assignment.operator === '=') last.set(assignment.name, assignment);
  return document.assignments.flatMap((assignment): Draft[] => {
    const winner = last.get(assignment.name);
    if (winner === undefined || winner.start <= assignment.start) return [];
    const fix: Fix = { title: 'Remove the assignment', edits: [removal(document, assignment)], safe: true };
    return [
      {
        code: 'duplicate',
        message: `${assignment.name} is assigned again in line ${winner.line}; this one has no effect`,
        hint: 'Remove it.',
        key: assignment.name,
        span: assignment,
        fix,
      },
    ];
  });
}
