import type { Profile } from '@xlfs/core';

/** Everything from source, with a toolchain of our own; nothing of the distribution is there once that toolchain stands. */
export const lfsProfile: Profile = {
  name: 'lfs',
  root: 'composed',
  base: ['temporary-system'],
  // No debugging information: it doubles the time to build and trebles the size.
  env: { CFLAGS: '-O2 -pipe', CXXFLAGS: '-O2 -pipe' },
};
