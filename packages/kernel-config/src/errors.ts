/** Every code that a user of this package can meet. Codes are stable; messages are not. */
export type KernelConfigErrorCode =
  | 'KCONFIG_SYNTAX'
  | 'KCONFIG_SEMANTICS'
  | 'KCONFIG_MACRO'
  | 'KCONFIG_NOT_FOUND'
  | 'KCONFIG_INCLUDE_LOOP'
  | 'KCONFIG_RECURSION'
  | 'KCONFIG_TOO_DEEP'
  | 'CONFIG_UNREADABLE'
  | 'CONFIG_UNWRITABLE'
  | 'CONFIG_CONFLICT'
  | 'SYMBOL_UNKNOWN'
  | 'VALUE_INVALID'
  | 'PROBE_FAILED'
  | 'USAGE';

/** A place in a Kconfig file. Lines and columns count from 1; a column counts bytes. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface KernelConfigErrorDetails {
  readonly position?: Position;
  /** The `source` statements that led to the file, innermost first. */
  readonly includedFrom?: readonly Position[];
  /** What to do next, as one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** What this package throws for anything that its input can cause. A bug throws a plain `Error`. */
export class KernelConfigError extends Error {
  override readonly name = 'KernelConfigError';
  readonly code: KernelConfigErrorCode;
  readonly position: Position | undefined;
  readonly includedFrom: readonly Position[];
  readonly hint: string | undefined;

  constructor(code: KernelConfigErrorCode, message: string, details: KernelConfigErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.position = details.position;
    this.includedFrom = details.includedFrom ?? [];
    this.hint = details.hint;
  }

  /** `file:line:column: message`, then one line for each including file. */
  describe(): string {
    const at = this.position === undefined ? '' : `${placeOf(this.position)}:${this.position.column}: `;
    return [`${at}${this.message}`, ...this.includedFrom.map((from) => `  included from ${placeOf(from)}`)].join('\n');
  }
}

/** `file:line`, the form that compilers and editors know. */
export function placeOf(position: Position): string {
  return `${position.file}:${position.line}`;
}
