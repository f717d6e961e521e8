/** Every code that a user of the engine can meet. Codes are stable; messages are not. */
export type ErrorCode =
  | 'RECIPE_INVALID'
  | 'RECIPE_UNKNOWN'
  | 'RECIPE_DUPLICATE'
  | 'NEEDS_CYCLE'
  | 'LOCK_INVALID'
  | 'PROJECT_INVALID'
  | 'SOURCE_NOT_LOCKED'
  | 'SOURCE_UNAVAILABLE'
  | 'SOURCE_DIGEST'
  | 'ARCHIVE_INVALID'
  | 'ARCHIVE_ESCAPES'
  | 'STORE_UNUSABLE'
  | 'STORE_CORRUPT'
  | 'NO_SPACE'
  | 'SANDBOX_UNAVAILABLE'
  | 'STEP_FAILED'
  | 'TESTS_FAILED'
  | 'STEP_CONFLICT'
  | 'ASSEMBLY_FAILED'
  | 'BUDGET_EXCEEDED'
  | 'HOST_REQUIREMENT'
  | 'BOOT_FAILED'
  | 'USAGE'
  | 'INTERRUPTED';

/** Codes that mean «the input was wrong» rather than «the work failed»: the CLI exits with 2 for these. */
const INPUT_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'RECIPE_INVALID',
  'RECIPE_UNKNOWN',
  'RECIPE_DUPLICATE',
  'NEEDS_CYCLE',
  'LOCK_INVALID',
  'PROJECT_INVALID',
  'SOURCE_NOT_LOCKED',
  'HOST_REQUIREMENT',
  'USAGE',
]);

export interface XlfsErrorOptions {
  /** What to do next, as one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** What every verb of the engine throws for a condition that a user can reach. A bug throws a plain `Error`. */
export class XlfsError extends Error {
  override readonly name = 'XlfsError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: XlfsErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }

  /** 1 the work failed; 2 wrong usage or bad input; 130 interrupted. */
  get exitCode(): 1 | 2 | 130 {
    if (this.code === 'INTERRUPTED') return 130;
    return INPUT_CODES.has(this.code) ? 2 : 1;
  }

  toJSON(): { code: ErrorCode; message: string; hint?: string; cause?: string } {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.cause === undefined ? {} : { cause: this.cause instanceof Error ? this.cause.message : String(this.cause) }),
    };
  }
}
