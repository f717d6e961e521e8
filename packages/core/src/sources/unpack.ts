import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
export async function unpack(tarball: string, dir: string, _o: { nested?: string; signal?: AbortSignal } = {}): Promise<void> {
  mkdirSync(dir, { recursive: true });
  execFileSync('tar', ['xf', tarball, '-C', dir, '--strip-components=1', '--no-same-owner']);
}
