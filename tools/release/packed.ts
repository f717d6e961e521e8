import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspace, type Project } from '../test/projects.ts';

export const run = promisify(execFile);

/** A file inside a tarball, as `npm pack --json` lists it. */
export interface Packed {
  readonly name: string;
  /** Absolute path of the tarball. */
  readonly tarball: string;
  /** Paths inside it, without the leading `package/`. */
  readonly files: readonly string[];
}

/** An empty folder for a consumer's project, outside of the workspace: nothing there resolves by luck. */
export async function emptyProject(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'xlfs-consumer-')));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  return folder;
}

/** Packs a package as `npm publish` would. */
export async function pack(project: Project, destination: string): Promise<Packed> {
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], {
    cwd: project.folder,
  });
  const listed: unknown = JSON.parse(stdout);
  // npm 12 keys the list by package name.
  const [entry] = Object.values(listed as Record<string, { filename: string; files: { path: string }[] }>);
  if (entry === undefined) throw new Error(`npm pack listed nothing for ${project.name}`);
  const file = entry.filename.replace('@', '').replace('/', '-');
  return { name: project.name, tarball: join(destination, file), files: entry.files.map(({ path }) => path) };
}

/** Installs the tarballs; what they depend on comes from npm's cache where it is there. */
export async function install(packed: readonly Packed[], folder: string): Promise<void> {
  const args = [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...packed.map(({ tarball }) => tarball),
  ];
  await run('npm', args, { cwd: folder });
  // What a TypeScript consumer has besides: the types of Node.
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
  for (const types of ['@types/node', 'undici-types']) {
    await cp(join(workspace, 'node_modules', types), join(folder, 'node_modules', types), { recursive: true });
  }
}
