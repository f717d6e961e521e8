/**
 * The tokens of xl.cfg, as libxlu's flex rules cut them (tools/libs/util/libxlu_cfg_l.l). Every character of a file
 * belongs to exactly one token, so that joining their texts gives the file back.
 */
export type TokenKind =
  | 'name'
  | 'number'
  | 'string'
  | '['
  | ']'
  | ','
  | '='
  | '+='
  | ';'
  /** A line's end, alone or after a comment: `#` belongs to the token. */
  | 'newline'
  | 'comment'
  | 'space'
  /** What the lexer refuses. */
  | 'error'
  /** A lone character that would be refused anywhere else: as the very last byte of a file libxlu overlooks it. */
  | 'overlooked'
  | 'end';

export interface Span {
  /** Offset of the first character. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
}

export interface Token extends Span {
  readonly kind: TokenKind;
}

/** One reason why libxlu refuses a text. */
export interface SyntaxProblem extends Span {
  readonly message: string;
  readonly hint?: string;
}

/** One-based place of an offset; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
