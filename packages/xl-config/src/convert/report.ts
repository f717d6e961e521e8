/** Something in the source that the result does not have, or has only in part. */
export interface Loss {
  /** One-based line in the source, when it is a text. */
  readonly line?: number;
  /** What it is: a key, an element, a statement. */
  readonly what: string;
  readonly why: string;
}

/** What a converter makes of its source. */
export interface Conversion<T> {
  readonly result: T;
  /** Empty when everything was carried over. */
  readonly losses: readonly Loss[];
}
