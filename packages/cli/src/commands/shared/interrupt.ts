/** How long work that cannot be told to stop has to end by itself. */
const GRACE_MS = 2000;

/**
 * Ends work of a library that takes no signal. Such work writes beside its place and renames: what is left is swept later.
 */
export function orInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_resolve, reject) => {
      const stop = (): void => {
        // Only fires while something is still going on.
        setTimeout(() => process.exit(130), GRACE_MS).unref();
        reject(signal.reason as Error);
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    }),
  ]);
}

/**
 * For work that computes without a pause, and writes nothing before its end: a handler of signals would only run after it,
 * so that the system had better end us as it ends others.
 */
export function endAtOnce(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeAllListeners(name);
}
