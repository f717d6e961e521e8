/** Every code that a user of the package can meet. Codes are stable; messages are not. */
export type XlConfigErrorCode =
  /** The text is not xl.cfg: libxlu would refuse the file. */
  | 'SYNTAX'
  /** libxlu reads the file, xl would refuse to create the domain from it. */
  | 'REFUSED'
  /** A value cannot be written in xl.cfg, or its type is not the key's. */
  | 'NOT_WRITABLE'
  /** A key that xl does not know (and that was not allowed as an extension). */
  | 'UNKNOWN_KEY'
  /** JSON or XML input that is not what the converter takes. */
  | 'CONVERT_INVALID'
  /** A Xen version that the tables do not cover. */
  | 'UNKNOWN_VERSION';

export interface XlConfigErrorOptions {
  /** What to do next, as one sentence. */
  readonly hint?: string;
  /** The place in the text, one-based. */
  readonly position?: { readonly line: number; readonly column: number };
  readonly cause?: unknown;
}

/** What every verb of the package throws for bad input. A bug throws a plain `Error`. */
export class XlConfigError extends Error {
  override readonly name = 'XlConfigError';
  readonly code: XlConfigErrorCode;
  readonly hint: string | undefined;
  readonly position: { readonly line: number; readonly column: number } | undefined;
  /** Bad input, for every code. */
  readonly exitCode = 2;

  constructor(code: XlConfigErrorCode, message: string, options: XlConfigErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.position = options.position;
  }

  toJSON(): { code: XlConfigErrorCode; message: string; hint?: string; position?: { line: number; column: number } } {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.position === undefined ? {} : { position: this.position }),
    };
  }
}
