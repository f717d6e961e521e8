import { NotThere } from './provider.ts';

/** Tries places in turn while they say that they have no such file; when none has it, the first one's answer is the error. */
export async function firstThere(places: readonly string[], get: (place: string) => Promise<void>): Promise<void> {
  let first: unknown;
  for (const place of places) {
    try {
      return await get(place);
    } catch (error) {
      if (!(error instanceof NotThere)) throw error;
      first ??= error;
    }
  }
  throw first;
}
