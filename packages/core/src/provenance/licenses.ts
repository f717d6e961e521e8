import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from '../execute/build.ts';
import { fetchLocked } from '../execute/fetch-locked.ts';
import { ensureTree } from '../execute/local.ts';
import { openRunFolder } from '../execute/run-folder.ts';
import { runClosureOf } from '../plan/graph.ts';
import { findRecipe, type Registry } from '../recipe/registry.ts';
import { startNamespaceWorker } from '../sandbox/namespace-worker.ts';

/** What a recipe says of its licence, and what its sources say. */
export interface LicensedRecipe {
  readonly recipe: string;
  /** SPDX expression. */
  readonly license: string;
  readonly files: readonly LicenseFile[];
}

export interface LicenseFile {
  /** Source whose tarball has the file. */
  readonly source: string;
  /** Relative to the tarball's top folder. */
  readonly path: string;
  /** Where it can be read now, below the store. */
  readonly location: string;
}

export interface LicenseOptions extends Pick<BuildOptions, 'store' | 'lock' | 'fetch' | 'onEvent' | 'signal'> {
  readonly registry: Registry;
  readonly targets: readonly string[];
}

/** `COPYING`, `LICENSE.md`, `COPYRIGHT.txt`, `LICENCE-MIT`, and what lies in `LICENSES/`. */
const LICENSE_NAME = /^(copying|licen[cs]e|copyright|notice|unlicense)/i;
/** Below the tarball's top folder; deeper ones belong to bundled code, and to test data. */
const DEPTH = 2;

/**
 * The licence files of everything that the targets consist of, from the tarballs that it is built from.
 *
 * @throws XlfsError what fetching and unpacking throw, when a tarball is not in the store yet.
 */
export async function collectLicenses(options: LicenseOptions): Promise<LicensedRecipe[]> {
  const { registry, targets, store, lock, fetch, onEvent = () => undefined } = options;
  const signal = options.signal ?? new AbortController().signal;
  const shared = await store.lockShared(signal);
  const run = await openRunFolder(store.paths);
  const worker = await startNamespaceWorker();
  const trees = new Map<string, Promise<string>>();
  const treeOf = (source: string): Promise<string> => {
    const known = trees.get(source);
    if (known !== undefined) return known;
    const tree = fetchLocked({ fetch, lock, signal, onEvent }, source).then(async (got) => {
      const { folder } = await ensureTree(worker, store, run, got, signal);
      return folder;
    });
    trees.set(source, tree);
    return tree;
  };
  try {
    const found: LicensedRecipe[] = [];
    for (const recipe of runClosureOf(registry, targets)) {
      const { license, sources } = findRecipe(registry, recipe);
      const files: LicenseFile[] = [];
      for (const { name: source } of sources) {
        const tree = await treeOf(source);
        for (const path of licenseFiles(tree)) files.push({ source, path, location: join(tree, path) });
      }
      found.push({ recipe, license, files });
    }
    return found;
  } finally {
    await worker.close();
    await run.close();
    shared.release();
  }
}

function licenseFiles(tree: string): string[] {
  const files: string[] = [];
  const look = (folder: string, depth: number, all: boolean): void => {
    for (const name of readdirSync(join(tree, folder)).sort()) {
      const path = join(folder, name);
      // A link may lead anywhere, so it is not followed.
      const stats = lstatSync(join(tree, path));
      const named = all || LICENSE_NAME.test(name);
      if (stats.isFile() && named) files.push(path);
      else if (stats.isDirectory() && depth < DEPTH && (depth === 1 || named)) look(path, depth + 1, named);
    }
  };
  look('', 1, false);
  return files;
}
