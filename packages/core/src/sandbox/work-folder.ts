import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Phase, Root } from '../recipe/recipe.ts';
import { setupScript } from './setup-script.ts';

/** Everything that the sandbox of one step consists of. Paths are absolute. */
export interface SandboxSpec {
  /** The working folder; made here, consumed by the step. */
  readonly work: string;
  readonly name: string;
  readonly root: Root;
  /** Root folders of the input layers, lowest first. */
  readonly layers: readonly string[];
  /** Unpacked source trees, the first being where the script starts. */
  readonly trees: readonly { readonly name: string; readonly folder: string }[];
  readonly files: Readonly<Record<string, string>>;
  readonly phases: readonly Phase[];
  readonly jobserver: string | undefined;
  /** Whether there are terminals, and a loopback interface. */
  readonly forTests: boolean;
}

const MOUNT_POINTS = ['build', 'dev', 'files', 'proc', 'run', 'tmp'];

/** Lays out the working folder: links to layers and trees, upper folders, the recipe's files and the scripts. */
export function makeWorkFolder(spec: SandboxSpec): void {
  const at = (...path: string[]): string => join(spec.work, ...path);
  for (const folder of ['l', 't', 'b', 'empty', 'upper', 'ovl', 'build', 'files', 'files/.xlfs', 'root', 'etc'])
    mkdirSync(at(folder), { recursive: true });
  // Mount points that no input has are in the lowest layer, so that they are not taken for the step's own.
  if (spec.root === 'composed') for (const folder of MOUNT_POINTS) mkdirSync(at('empty', folder));
  spec.layers.forEach((folder, i) => symlinkSync(folder, at('l', String(i))));
  for (const { name, folder } of spec.trees) {
    symlinkSync(folder, at('t', name));
    for (const part of ['upper', 'ovl']) mkdirSync(at('b', name, part), { recursive: true });
    mkdirSync(at('build', name));
  }
  if (spec.trees.length === 0) mkdirSync(at('build', spec.name));
  for (const [name, text] of Object.entries(spec.files)) writeFileSync(at('files', name), text);
  spec.phases.forEach(({ run }, i) => writeFileSync(at('files/.xlfs', String(i)), `${run.trimEnd()}\n`));
  writeFileSync(at('files/.xlfs/run'), runScript(spec.phases));
  if (spec.jobserver !== undefined) symlinkSync(spec.jobserver, at('jobserver'));
  writeFileSync(at('etc/passwd'), 'root:x:0:0:root:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n');
  writeFileSync(at('etc/group'), 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n');
  writeFileSync(at('etc/hosts'), '127.0.0.1 localhost xlfs\n');
  writeFileSync(at('etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files\n');
  writeSetup(spec);
}

/** Writes the script that makes the root; apart, so that the folder of a failed step can be entered again without the jobserver of its run. */
export function writeSetup(spec: SandboxSpec): void {
  writeFileSync(
    join(spec.work, 'setup.sh'),
    setupScript({
      root: spec.root,
      layerCount: spec.layers.length,
      sources: spec.trees.map(({ name }) => name),
      fallbackFolder: spec.name,
      withJobserver: spec.jobserver !== undefined,
      forTests: spec.forTests,
    }),
  );
}

/**
 * Runs each phase as a shell of its own from the same folder, announces it on descriptor 3 and reports the processor time at the end.
 * `-x` because the log is meant to say what was done.
 */
function runScript(phases: readonly Phase[]): string {
  return [
    ...phases.flatMap(({ name }, i) => [
      `echo 'phase ${name}' >&3`,
      `echo '==> ${name}'`,
      `sh -eux /files/.xlfs/${String(i)} 3>&- || { status=$?; times >&3; exit "$status"; }`,
    ]),
    'times >&3',
    '',
  ].join('\n');
}

/** Whether a folder that a failed step left behind has the inputs that the step would have now. */
export function isWorkFolderOf(spec: SandboxSpec, folder: string): boolean {
  const links = (kind: string): string[] => {
    const names = readdirSync(join(folder, kind)).sort((a, b) => Number(a) - Number(b));
    return names.map((name) => readlinkSync(join(folder, kind, name)));
  };
  if (!existsSync(join(folder, 'setup.sh'))) return false;
  const trees = spec.trees.map((tree) => tree.folder);
  return links('l').join('\n') === spec.layers.join('\n') && links('t').sort().join('\n') === trees.sort().join('\n');
}
