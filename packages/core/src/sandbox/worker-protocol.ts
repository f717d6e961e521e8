/** What goes over the channel between a {@link NamespaceWorker} and its process. All of it is JSON. */
export type Request =
  | { readonly type: 'call'; readonly id: number; readonly module: string; readonly export: string; readonly params: unknown }
  | { readonly type: 'abort'; readonly id: number };

export type Response =
  | { readonly type: 'ready' }
  | { readonly type: 'event'; readonly id: number; readonly event: unknown }
  | { readonly type: 'done'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: SerializedError };

export interface SerializedError {
  /** An `ErrorCode` when the error was an XlfsError. */
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
  readonly stack?: string;
}

/** What a function that is called in the worker gets besides its params. */
export interface CallContext {
  /** Sends a JSON value to the caller while the call is running. */
  readonly emit: (event: unknown) => void;
  /** Aborted when the caller gives up. */
  readonly signal: AbortSignal;
}

export type WorkerFunction = (params: never, context: CallContext) => unknown;
