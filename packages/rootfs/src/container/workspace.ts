import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { openArchiveTree } from '../archive/archive.ts';
import { Ext4Reader } from '../image/ext4/read.ts';
import type { Entry, Tree } from '../tree/entry.ts';
import { WORK_PREFIX } from './commit.ts';
import type { Reference, Target } from './expressions.ts';
import { fetchReference, localPath, type FetchOptions } from './fetch.ts';

/** A file system that expressions work on. */
export interface Working {
  /** As it was before the first change. */
  readonly original: ReadonlyMap<string, Entry>;
  tree: Tree;
  /** URI or path that it was asked for by. */
  readonly name: string;
}

export interface WorkingImage extends Working {
  readonly path: string;
  readonly size: number;
  readonly label: string;
  readonly uuid?: string;
}

/** What one run of a container file has in hand. An archive is fetched and unpacked once, however many expressions name it. */
export class Workspace {
  readonly #folder: string;
  readonly #fetch: FetchOptions;
  readonly #archives = new Map<string, Working>();
  readonly #images = new Map<string, WorkingImage>();
  readonly #files = new Map<string, string>();
  readonly #closers: (() => Promise<void>)[] = [];

  private constructor(folder: string, fetch: FetchOptions) {
    this.#folder = folder;
    this.#fetch = fetch;
  }

  static async open(folder: string, fetch: FetchOptions): Promise<Workspace> {
    await mkdir(folder, { recursive: true });
    return new Workspace(await mkdtemp(join(folder, `${WORK_PREFIX}${String(process.pid)}-`)), fetch);
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A fetched and checked file. */
  async file(reference: Reference): Promise<string> {
    // What this run itself writes at its end is already here.
    return this.#files.get(this.#key(reference.uri)) ?? (await fetchReference(reference, this.#fetch));
  }

  async archive(reference: Reference): Promise<Working> {
    const key = this.#key(reference.uri);
    const known = this.#archives.get(key);
    if (known !== undefined) return known;
    const image = this.#images.get(key);
    if (image !== undefined) return image;
    const path = await this.file(reference);
    if (isExt4(path)) return await this.image(path);
    const { tree, close } = await openArchiveTree(path, { work: this.#folder });
    this.#closers.push(close);
    const working = { name: reference.uri, original: new Map(tree), tree };
    this.#archives.set(key, working);
    return working;
  }

  async image(path: string): Promise<WorkingImage> {
    const absolute = resolve(this.#fetch.relativeTo, path);
    const known = this.#images.get(absolute);
    if (known !== undefined) return known;
    if (!existsSync(absolute))
      throw new XlfsError('USAGE', `there is no image ${absolute}`, { hint: 'Make it with [image …] further up.' });
    const reader = new Ext4Reader(absolute);
    this.#closers.push(async () => reader.close());
    if (reader.info.needsRecovery)
      throw new XlfsError('USAGE', `${absolute} was not unmounted`, { hint: `Run e2fsck -p ${absolute} first.` });
    const tree = reader.tree();
    const { label, uuid } = reader.info;
    return this.#addImage({
      name: path,
      path: absolute,
      size: statSync(absolute).size,
      label,
      uuid,
      original: new Map(tree),
      tree,
    });
  }

  /** An image that this run makes. */
  newImage(path: string, size: number, label: string): WorkingImage {
    const absolute = resolve(this.#fetch.relativeTo, path);
    return this.#addImage({ name: path, path: absolute, size, label, original: new Map(), tree: new Map() });
  }

  async target(target: Target): Promise<Working> {
    return 'image' in target ? await this.image(target.image) : await this.archive(target.archive);
  }

  /** Images that have to be written: new ones and changed ones. */
  get images(): readonly WorkingImage[] {
    return [...this.#images.values()].filter(
      ({ original, tree, uuid }) =>
        uuid === undefined || original.size !== tree.size || [...tree].some(([path, entry]) => original.get(path) !== entry),
    );
  }

  /** A new file that is gone when the run has ended. */
  async scratch(): Promise<string> {
    return join(await mkdtemp(join(this.#folder, 'out-')), 'file');
  }

  /** What stands under a URI from now on is this file. */
  provideFile(uri: string, file: string): void {
    this.#files.set(this.#key(uri), file);
  }

  /** What stands under a URI from now on is this file, and this tree. */
  provide(uri: string, file: string, tree: Tree): void {
    this.provideFile(uri, file);
    this.#archives.set(this.#key(uri), { name: uri, original: new Map(tree), tree: new Map(tree) });
  }

  #addImage(image: WorkingImage): WorkingImage {
    this.#images.set(image.path, image);
    return image;
  }

  #key(uri: string): string {
    return localPath(uri, this.#fetch.relativeTo) ?? uri;
  }
}

function isExt4(path: string): boolean {
  try {
    using reader = new Ext4Reader(path);
    return reader.info.size > 0;
  } catch (error) {
    if (error instanceof XlfsError) return false;
    throw error;
  }
}
