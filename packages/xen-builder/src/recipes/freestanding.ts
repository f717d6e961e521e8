import type { Phase } from '@xlfs/core';

/**
 * Phases of something that runs on bare metal: what the sandbox tells the compiler about the target root's headers and libraries is
 * taken back, since a kernel may see nothing but itself.
 */
export function freestanding(phases: readonly Phase[]): Phase[] {
  return phases.map(({ name, run }) => ({ name, run: `unset CPATH LIBRARY_PATH\n${run}` }));
}
