import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Root } from '../recipe/recipe.ts';
import { setupScript } from './setup-script.ts';

/** Everything that the sandbox of one step consists of. Paths are absolute. */
export interface SandboxSpec {
  /** The working folder; made here, consumed by the step. */
  readonly work: string;
  readonly name: string;
  readonly root: Root;
  /** Root folders of the input layers, lowest first. */
  readonly layers: readonly string[];
  /** Folders below `/build`, the first being where the script starts: what lies below what the script does there, topmost first. */
  readonly folders: readonly { readonly name: string; readonly lowers: readonly string[] }[];
  readonly files: Readonly<Record<string, string>>;
  readonly phases: readonly SandboxPhase[];
  readonly jobserver: string | undefined;
  /** Whether there are terminals, and a loopback interface. */
  readonly forTests: boolean;
}

/** A shell of its own, in the first of the build folders. */
export interface SandboxPhase {
  readonly name: string;
  readonly run: string;
  /** Its status is no end of the script: it is written to {@link STATUS_FILE}. */
  readonly mayFail?: boolean;
}

/** Where a script says something to its executor: below the working folder, and below `/` inside. */
export const STATUS_FILE = 'files/.xlfs/status';
export const RESULTS_FILE = 'files/.xlfs/results';

const MOUNT_POINTS = ['build', 'dev', 'files', 'proc', 'run', 'tmp'];

/** Lays out the working folder: links to layers and trees, upper folders, the recipe's files and the scripts. */
export function makeWorkFolder(spec: SandboxSpec): void {
  const at = (...path: string[]): string => join(spec.work, ...path);
  for (const folder of ['l', 't', 'b', 'empty', 'upper', 'ovl', 'build', 'files', 'files/.xlfs', 'root', 'etc'])
    mkdirSync(at(folder), { recursive: true });
  // Mount points that no input has are in the lowest layer, so that they are not taken for the step's own.
  if (spec.root === 'composed') for (const folder of MOUNT_POINTS) mkdirSync(at('empty', folder));
  spec.layers.forEach((folder, i) => symlinkSync(folder, at('l', String(i))));
  for (const { name, lowers } of spec.folders) {
    for (const part of [`b/${name}/upper`, `b/${name}/ovl`, `t/${name}`, `build/${name}`])
      mkdirSync(at(part), { recursive: true });
    lowers.forEach((folder, i) => symlinkSync(folder, at('t', name, String(i))));
    // overlayfs wants at least one.
    if (lowers.length === 0) mkdirSync(at('t', name, '0'));
  }
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
      folders: spec.folders.map(({ name, lowers }) => ({ name, lowers: Math.max(lowers.length, 1) })),
      withJobserver: spec.jobserver !== undefined,
      forTests: spec.forTests,
    }),
  );
}

/**
 * Runs each phase as a shell of its own from the same folder, announces it on descriptor 3 and reports the processor time at the end.
 * `-x` because the log is meant to say what was done.
 */
function runScript(phases: readonly SandboxPhase[]): string {
  return [
    ...phases.flatMap(({ name, mayFail = false }, i) => [
      `echo 'phase ${name}' >&3`,
      `echo '==> ${name}'`,
      `sh -eux /files/.xlfs/${String(i)} 3>&- || ${mayFail ? `echo "$?" > /${STATUS_FILE}` : '{ status=$?; times >&3; exit "$status"; }'}`,
    ]),
    'times >&3',
    '',
  ].join('\n');
}

/** Whether a folder that a failed step left behind has the inputs that the step would have now. */
export function isWorkFolderOf(spec: SandboxSpec, folder: string): boolean {
  const links = (kind: string): string[] => {
    const entries = readdirSync(join(folder, kind), { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
    return entries.sort((a, b) => Number(a.name) - Number(b.name)).map(({ name }) => readlinkSync(join(folder, kind, name)));
  };
  const same = (kind: string, folders: readonly string[]): boolean =>
    existsSync(join(folder, kind)) && links(kind).join('\n') === folders.join('\n');
  return (
    existsSync(join(folder, 'setup.sh')) &&
    same('l', spec.layers) &&
    spec.folders.every(({ name, lowers }) => same(join('t', name), lowers))
  );
}
