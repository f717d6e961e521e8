import { excerpt, positionOf, type Document } from '../grammar/tree.ts';
import { interpret, type Interpretation, type InterpretOptions } from '../meaning/interpret.ts';
import { spanOf } from '../meaning/place.ts';
import { deviceDrafts } from './device-rules.ts';
import { modernise } from './deprecation-fixes.ts';
import type { Diagnostic, Draft } from './diagnostic.ts';
import { applyEdits } from '../text/edits.ts';
import { hostDrafts, type HostProbe } from './host-rules.ts';
import { keyDrafts, type Extensions } from './key-rules.ts';
import { RULE_OF, RULES, type RuleCode } from './rules.ts';
import { syntaxDrafts } from './syntax-rules.ts';

export interface LintOptions extends InterpretOptions {
  /** Keys of other tools, which are not reported as unknown. @default none */
  readonly extensions?: Extensions;
  /** Looks for files and bridges, when given: {@link thisHost}, or what stands for another one. */
  readonly host?: HostProbe;
  /** Rules that are not applied. @default none */
  readonly disable?: readonly RuleCode[];
}

/** Everything that there is to say about a text, in its order. */
export function lint(text: string, options: LintOptions = {}): Diagnostic[] {
  return diagnosticsOf(interpret(text, options), options);
}

/** The same for a text that is read already. */
export function diagnosticsOf(interpretation: Interpretation, options: LintOptions = {}): Diagnostic[] {
  const { document } = interpretation;
  const drafts = [
    ...syntaxDrafts(document),
    ...findingDrafts(interpretation),
    ...keyDrafts(interpretation, options.extensions ?? []),
    ...deviceDrafts(interpretation),
  ];
  if (options.host !== undefined) drafts.push(...hostDrafts(interpretation, options.host));
  const wanted = drafts.filter(({ code }) => options.disable?.includes(code) !== true);
  return wanted.map((draft) => placed(document, draft)).sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** What the readers found. A broken text says nothing about what is missing in it. */
function findingDrafts({ document, reading, findings }: Interpretation): Draft[] {
  const broken = document.problems.length > 0;
  return findings.flatMap((finding): Draft[] => {
    if (broken && finding.code === 'MISSING') return [];
    const fix = modernise(document, reading.config, finding);
    return [
      {
        code: RULE_OF[finding.code],
        severity: finding.severity,
        message: finding.message,
        key: finding.subject.key,
        span: spanOf(document, finding.subject),
        xl: finding.xl,
        ...(finding.hint === undefined ? {} : { hint: finding.hint }),
        ...(fix === undefined ? {} : { fix }),
      },
    ];
  });
}

function placed(document: Document, { span: { start, end }, severity, xl = false, ...draft }: Draft): Diagnostic {
  const span = { start, end };
  return {
    ...draft,
    severity: severity ?? RULES[draft.code].severity,
    span,
    start: positionOf(document, start),
    end: positionOf(document, end),
    excerpt: excerpt(document, span),
    xl,
  };
}

export interface FixResult {
  readonly text: string;
  /** What was done, in the order in which it was done. */
  readonly applied: readonly Diagnostic[];
  /** What is left. */
  readonly remaining: readonly Diagnostic[];
}

export interface FixOptions extends LintOptions {
  /** Apply fixes, too, that change what xl makes of the file (renamed keys). @default false */
  readonly unsafe?: boolean;
}

/** More rounds than any file needs: each one removes a finding. */
const MOST_ROUNDS = 50;

/** Applies fixes until none is left; the rest of the text stays as it is. */
export function fix(text: string, options: FixOptions = {}): FixResult {
  const applied: Diagnostic[] = [];
  let current = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const diagnostics = lint(current, options);
    const next = diagnostics.filter(
      (diagnostic) => diagnostic.fix !== undefined && (diagnostic.fix.safe || options.unsafe === true),
    );
    const chosen = disjoint(next, current.length);
    const fixed = applyEdits(
      current,
      chosen.flatMap((diagnostic) => diagnostic.fix?.edits ?? []),
    );
    if (fixed === current) return { text: current, applied, remaining: diagnostics };
    applied.push(...chosen);
    current = fixed;
  }
  return { text: current, applied, remaining: lint(current, options) };
}

/** Those whose fixes touch nothing that the fix of an earlier one touches. */
function disjoint(diagnostics: readonly Diagnostic[], length: number): Diagnostic[] {
  const touched = new Uint8Array(length + 1);
  return diagnostics.filter((diagnostic) => {
    const edits = diagnostic.fix?.edits ?? [];
    const free = edits.every(({ start, end }) => !touched.subarray(start, end + 1).includes(1));
    if (free) for (const { start, end } of edits) touched.fill(1, start, end + 1);
    return free;
  });
}
