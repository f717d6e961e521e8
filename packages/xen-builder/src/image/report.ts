import type { Tree } from '@xlfs/rootfs';
import { chainOf, type Reason } from './reason.ts';

/** A file of an image: whose it is and why it is there. */
export interface OwnedFile {
  /** Absolute. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Recipe that installed it. */
  readonly owner: string;
  /** From the file itself back to what was asked for by name. */
  readonly why: readonly { readonly path: string; readonly because: string }[];
}

/** The document beside an image that explains it; `xlfs why` reads it. */
export interface ImageReport {
  readonly format: 1;
  /** Bytes of each part that is loaded at boot. */
  readonly payload: Readonly<Record<string, number>>;
  readonly files: readonly OwnedFile[];
}

/** What each path of a closure is, whose, and why. */
export function ownedFiles(tree: Tree, owners: ReadonlyMap<string, string>, reasons: ReadonlyMap<string, Reason>): OwnedFile[] {
  return [...reasons.keys()].sort().map((path) => {
    const entry = tree.get(path);
    const type = entry?.type === 'file' || entry?.type === 'directory' || entry?.type === 'symlink' ? entry.type : 'other';
    return { path: `/${path}`, type, size: entry?.size ?? 0, owner: owners.get(path) ?? 'unknown', why: chainOf(reasons, path) };
  });
}

/** The report's answer for one path; undefined when the image does not hold it. */
export function explainPath(report: ImageReport, path: string): OwnedFile | undefined {
  return report.files.find((file) => file.path === path);
}
