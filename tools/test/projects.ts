import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the workspace. */
export const workspace = fileURLToPath(new URL('../..', import.meta.url));

export interface Project {
  /** Name in package.json and in Nx. */
  readonly name: string;
  /** Absolute folder. */
  readonly folder: string;
  /** Goes to the registry; `tools` does not. */
  readonly published: boolean;
  readonly manifest: Manifest;
}

/** What the tools read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly version: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Every package of the workspace, published ones first, each in the order of its folder's name. */
export function projects(): Project[] {
  return globSync(['packages/*/package.json', 'tools/package.json'], { cwd: workspace })
    .sort()
    .map((file) => {
      const manifest = JSON.parse(readFileSync(join(workspace, file), 'utf8')) as Manifest;
      return { name: manifest.name, folder: join(workspace, dirname(file)), published: manifest.private !== true, manifest };
    });
}

/** An empty folder below the workspace, where the packages resolve by name; ignored by git. The caller removes it. */
export async function scratchFolder(name: string): Promise<string> {
  const parent = join(workspace, 'tools/.test-results');
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, `${name}-`));
}
