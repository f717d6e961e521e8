import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folders of a store. Everything below `cache*` and `work` can be made again; layers and actions are the memory. */
export interface StorePaths {
  readonly root: string;
  /** Verified tarballs, by sha256. */
  readonly sources: string;
  /** Unpacked tarballs, by sha256: read-only lower layers of the build folders. */
  readonly trees: string;
  /** Build folders that tests go on in, by key of the step that left them: `<key>/<name>`. */
  readonly built: string;
  /** Immutable layers, by digest: `root/` and `manifest`. */
  readonly layers: string;
  /** Action cache: key → result. */
  readonly actions: string;
  readonly logs: string;
  /** Run records and measurements. */
  readonly runs: string;
  /** Named sets of layers that GC keeps. */
  readonly roots: string;
  readonly locks: string;
  /** What is being built; garbage when nobody holds its lock. */
  readonly work: string;
  /** Working folders of failed steps, by recipe, for `shell`. */
  readonly failed: string;
  readonly quarantine: string;
}

/** `$XLFS_STORE`, else `$XDG_DATA_HOME/xlfs/store`, else `~/.local/share/xlfs/store`. */
export function defaultStoreDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env['XLFS_STORE']) return resolve(env['XLFS_STORE']);
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'xlfs', 'store');
}

export function storePaths(dir: string): StorePaths {
  const root = resolve(dir);
  const at = (name: string): string => join(root, name);
  return {
    root,
    sources: at('sources'),
    trees: at('trees'),
    built: at('built'),
    layers: at('layers'),
    actions: at('actions'),
    logs: at('logs'),
    runs: at('runs'),
    roots: at('roots'),
    locks: at('locks'),
    work: at('work'),
    failed: at('failed'),
    quarantine: at('quarantine'),
  };
}
