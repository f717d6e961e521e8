import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { asOwner } from '../verbs/owner.ts';

/** A folder that is gone when the file's tests are done. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xlfs-rootfs-'));
  afterAll(() => removeTree(folder));
  return folder;
}

/** Removes a folder, also when an ordinary user's tests have left files of subordinate ids in it. */
export async function removeTree(folder: string): Promise<void> {
  if (process.getuid?.() === 0) rmSync(folder, { recursive: true, force: true });
  else await asOwner('removeFolder', { folder });
}

/** Output of a program that stands for the truth; throws with what it said when it fails. */
export function oracle(program: string, ...args: string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' },
    maxBuffer: 1 << 28,
  });
}
