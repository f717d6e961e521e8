import { execFileSync } from 'node:child_process';
import type { TaskContext } from '@xlfs/core';

/** The task that makes a tree of Debian's a layer. `params` is the tree's path. */
export async function copyTree({ params, output }: TaskContext): Promise<void> {
  // A path that ends in `/.` stands for what is in the folder.
  execFileSync('cp', ['-a', `${String(params)}/.`, output]);
}
