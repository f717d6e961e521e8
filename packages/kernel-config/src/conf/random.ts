/**
 * The C library's `rand()` (glibc's additive feedback generator, as random(3) describes it), so that a seed gives the
 * same configuration as with the C program.
 */
export function glibcRandom(seed: number): () => number {
  const DEGREE = 31;
  const SEPARATION = 3;
  const state = new Int32Array(DEGREE);
  state[0] = seed === 0 ? 1 : seed | 0;
  for (let at = 1; at < DEGREE; at++) {
    // 16807 * previous mod 2^31-1, without overflow.
    const previous = state[at - 1]!;
    const next = 16807 * (previous % 127773) - 2836 * Math.trunc(previous / 127773);
    state[at] = next < 0 ? next + 0x7fffffff : next;
  }
  let front = SEPARATION;
  let back = 0;
  const step = (): number => {
    const sum = (state[front]! + state[back]!) | 0;
    state[front] = sum;
    front = (front + 1) % DEGREE;
    back = (back + 1) % DEGREE;
    return sum >>> 1;
  };
  for (let discarded = 0; discarded < DEGREE * 10; discarded++) step();
  return step;
}
