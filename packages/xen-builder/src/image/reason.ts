/** Why a path is in the image: what asked for it, back to a `Wanted`. */
export interface Reason {
  /** Path that pulled this one in; undefined for what was asked for by name. */
  readonly from: string | undefined;
  /** `needs libz.so.1`, `interpreter`, `link to busybox`, or the reason of the `Wanted`. */
  readonly because: string;
}

/** The chain that pulled a path in, from the path itself back to what was asked for. */
export function chainOf(reasons: ReadonlyMap<string, Reason>, path: string): { path: string; because: string }[] {
  const chain: { path: string; because: string }[] = [];
  for (let at: string | undefined = path; at !== undefined && chain.length <= reasons.size;) {
    const reason = reasons.get(at);
    if (reason === undefined) break;
    chain.push({ path: `/${at}`, because: reason.because });
    at = reason.from;
  }
  return chain;
}
