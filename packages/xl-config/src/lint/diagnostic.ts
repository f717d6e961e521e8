import type { Position, Span } from '../grammar/token.ts';
import type { Edit } from '../text/edits.ts';
import type { Severity } from '../problem.ts';
import type { RuleCode } from './rules.ts';

/** A change of the text that does away with a finding. */
export interface Fix {
  /** What it does, as an imperative. */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** The file means to xl what it did before, or xl refused it before. */
  readonly safe: boolean;
}

/** One finding, with its place. */
export interface Diagnostic {
  readonly code: RuleCode;
  readonly severity: Severity;
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
  /** The key that it is about. */
  readonly key?: string;
  readonly span: Span;
  readonly start: Position;
  readonly end: Position;
  /** The line with a caret below the place. */
  readonly excerpt: string;
  /** xl itself says something at this place, too. */
  readonly xl: boolean;
  readonly fix?: Fix;
}

/** A finding before its place is worked out. */
export interface Draft {
  readonly code: RuleCode;
  readonly message: string;
  readonly span: Span;
  readonly severity?: Severity;
  readonly hint?: string;
  readonly key?: string;
  readonly xl?: boolean;
  readonly fix?: Fix;
}
