import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, lutimesSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { layerState, unsettledManifestName } from './layer-state.ts';
import { formatManifest, manifestDigest, type LayerEntry } from './manifest.ts';
import { readXattrs, scanTree } from './scan.ts';

/**
 * Paths that no layer owns: scratch, mount points of the sandbox, and indices that are made anew when a root is assembled.
 * Relative to the root.
 */
export const VOLATILE_PATHS: readonly string[] = [
  'tmp',
  'var/tmp',
  'run',
  'dev',
  'proc',
  'sys',
  'build',
  'files',
  'etc/ld.so.cache',
  'var/cache/ldconfig',
  'usr/share/info/dir',
];

export interface CaptureRequest {
  /** Overlay upper folder. It is consumed: it becomes the layer. */
  readonly upper: string;
  /** The store's folder of layers. */
  readonly layers: string;
  /** The store's folder for what cannot be trusted. */
  readonly quarantine: string;
  /** Later modification times are set to this; seconds since 1970. */
  readonly sourceDateEpoch: number;
}

export interface CapturedLayer {
  readonly digest: string;
  readonly files: number;
  /** Sum of the files' sizes. */
  readonly bytes: number;
}

/** Turns what a step left in its upper folder into an immutable layer of the store. Has to run as namespace root. */
export function captureLayer({ upper, layers, quarantine, sourceDateEpoch }: CaptureRequest): CapturedLayer {
  for (const path of VOLATILE_PATHS) dropVolatile(upper, path);
  stripOverlayXattrs(upper);
  const entries = scanTree(upper);
  clampTimes(upper, entries, sourceDateEpoch);
  const manifest = formatManifest(entries);
  const digest = manifestDigest(manifest);
  commitLayer(upper, manifest, join(layers, digest), quarantine);
  const files = entries.filter((entry) => entry.type === 'file');
  return { digest, files: files.length, bytes: files.reduce((sum, entry) => sum + (entry.size ?? 0), 0) };
}

/** Removes what is inside a volatile folder (or the file itself), and parents that only existed for it. */
function dropVolatile(upper: string, path: string): void {
  const full = join(upper, path);
  const stats = lstatSync(full, { throwIfNoEntry: false });
  if (stats === undefined) return;
  // The empty folder itself may be a recipe's (`filesystem` makes /tmp); build and files are ours alone.
  if (stats.isDirectory() && path !== 'build' && path !== 'files') {
    for (const name of readdirSync(full)) rmSync(join(full, name), { recursive: true, force: true });
  } else {
    rmSync(full, { recursive: true, force: true });
  }
}

/** overlayfs notes where a copied-up folder came from; that is history, not content. */
function stripOverlayXattrs(upper: string): void {
  const byName = new Map<string, string[]>();
  for (const [path, xattrs] of readXattrs(upper)) {
    for (const name of Object.keys(xattrs)) {
      if (!/^(user|trusted)\.overlay\./.test(name) || name.endsWith('.opaque')) continue;
      byName.set(name, [...(byName.get(name) ?? []), `./${path}`]);
    }
  }
  for (const [name, paths] of byName) {
    for (let at = 0; at < paths.length; at += 500) {
      execFileSync('setfattr', ['-h', '-x', name, '--', ...paths.slice(at, at + 500)], {
        cwd: upper,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    }
  }
}

function clampTimes(root: string, entries: readonly LayerEntry[], epoch: number): void {
  // Deepest first: setting a child's time does not touch its folder's, but the order costs nothing and keeps it obvious.
  for (const entry of [...entries].reverse()) {
    if (entry.type === 'removed') continue;
    const path = join(root, entry.path);
    if (lstatSync(path).mtimeMs / 1000 > epoch) lutimesSync(path, epoch, epoch);
  }
  lutimesSync(root, epoch, epoch);
}

/**
 * Puts `<digest>/root` in its place with an *unsettled* manifest beside it, which counts until the machine is restarted; the store settles
 * it after a sync (see `store/layers.ts`). Syncing here would make every step wait for the disk.
 * Somebody else's settled layer is as good as ours; what a crash left half-written is put aside.
 */
function commitLayer(upper: string, manifest: string, place: string, quarantine: string): void {
  if (layerState(place) !== 'absent') {
    rmSync(upper, { recursive: true, force: true });
    return;
  }
  if (existsSync(place)) renameSync(place, join(quarantine, `${basename(place)}.${String(process.pid)}.${String(Date.now())}`));
  const beside = `${upper}.layer`;
  mkdirSync(beside, { mode: 0o755 });
  renameSync(upper, join(beside, 'root'));
  writeFileSync(join(beside, unsettledManifestName()), manifest);
  try {
    renameSync(beside, place);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    rmSync(beside, { recursive: true, force: true });
  }
}
