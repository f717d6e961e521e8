/**
 * For work that computes without a pause, and writes nothing before its end: a handler of signals would only run after it,
 * so that the system had better end us as it ends others.
 */
export function endAtOnce(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeAllListeners(name);
}
