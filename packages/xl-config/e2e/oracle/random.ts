/** A small repeatable generator (xorshift32): a failing input is found again by its seed. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2654435761 + 1) >>> 0 || 1;
  }

  /** 0 ≤ n < limit. */
  below(limit: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  times<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

/** A few random edits of a text: bytes changed, pieces removed, doubled or taken from `pieces`. */
export function mutate(text: string, random: Random, pieces: readonly string[]): string {
  let result = text;
  for (let edits = 1 + random.below(3); edits > 0; edits--) {
    const at = random.below(result.length + 1);
    const length = random.below(6);
    const piece = random.chance(30)
      ? String.fromCharCode(random.below(256))
      : random.chance(30)
        ? result.slice(at, at + length)
        : random.pick(pieces);
    result = result.slice(0, at) + (random.chance(70) ? piece : '') + result.slice(at + (random.chance(50) ? length : 0));
  }
  return result;
}
