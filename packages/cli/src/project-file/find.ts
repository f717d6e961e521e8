import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The nearest file of this name in `from` or a folder above it. */
export function findUpwards(name: string, from: string = process.cwd()): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}
