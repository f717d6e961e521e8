import type { AnyCommand } from '../command.ts';
import type { Group } from './index.ts';
import { diff } from './rootfs/diff.ts';
import { fork } from './rootfs/fork.ts';
import { image } from './rootfs/image.ts';
import { patchCommands } from './rootfs/patch.ts';
import { keyCommands, sign, verify } from './rootfs/signatures.ts';
import { restore, snapshot } from './rootfs/snapshot.ts';
import { gc, ls, rm } from './rootfs/state.ts';

const patch: Group = {
  name: 'patch',
  summary: 'what leads from one tree to another: make, apply, revert',
  example: 'xlfs rootfs patch make ./old ./new --out new.patch',
  load: async () => patchCommands,
};
const key: Group = {
  name: 'key',
  summary: 'keys that sign, keys that are trusted',
  example: 'xlfs rootfs key make ~/.minisign/xlfs.key',
  load: async () => keyCommands,
};

export const rootfsCommands: readonly (AnyCommand | Group)[] = [
  snapshot,
  restore,
  fork,
  image,
  diff,
  patch,
  sign,
  verify,
  key,
  ls,
  rm,
  gc,
];
