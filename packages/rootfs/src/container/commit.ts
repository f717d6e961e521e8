import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findFork } from '../fork/record.ts';
import { removeFork } from '../fork/remove.ts';
import { flush, temporaryBeside, writeAtomic } from '../store/atomic.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';

interface Journal {
  /** `open`: everything in it is to be taken back. `commit`: everything in it is to be done. */
  readonly state: 'open' | 'commit';
  readonly renames: readonly (readonly [string, string])[];
  readonly forks: readonly string[];
}

const PREFIX = '.xlfs-container-';
/** Folders of runs in progress: the number of the process follows. */
export const WORK_PREFIX = `${PREFIX}work-`;

/**
 * Outputs that appear together. Each is written beside its place; {@link commit} notes all of them in a journal and renames them. A kill before
 * that leaves what was there before, a kill after it is finished by the next {@link recover}.
 */
export class Transaction {
  readonly #journal: string;
  readonly #store: RootfsStore;
  readonly #renames: [string, string][] = [];
  readonly #forks: string[] = [];

  constructor(folder: string, store: RootfsStore) {
    this.#journal = temporaryBeside(join(folder, `${PREFIX}journal`));
    this.#store = store;
  }

  /** A file beside `path` to write to; it takes its place at the end. */
  async output(path: string): Promise<string> {
    await mkdir(dirname(path), { recursive: true });
    const earlier = this.#renames.find(([, to]) => to === path);
    if (earlier !== undefined) {
      await rm(earlier[0], { force: true, recursive: true });
      return earlier[0];
    }
    const temporary = temporaryBeside(path);
    this.#renames.push([temporary, path]);
    await this.#note('open');
    return temporary;
  }

  /** Note a fork before it is made. */
  async willFork(name: string): Promise<void> {
    this.#forks.push(name);
    await this.#note('open');
  }

  async commit(): Promise<void> {
    for (const [temporary] of this.#renames) await flush(temporary);
    await this.#note('commit');
    await finish({ state: 'commit', renames: this.#renames, forks: [] });
    await rm(this.#journal, { force: true });
  }

  async discard(): Promise<void> {
    await takeBack({ state: 'open', renames: this.#renames, forks: this.#forks }, this.#store);
    await rm(this.#journal, { force: true });
  }

  async #note(state: Journal['state']): Promise<void> {
    const journal: Journal = { state, renames: this.#renames, forks: this.#forks };
    await writeAtomic(this.#journal, (temporary) => writeFile(temporary, JSON.stringify(journal), { flag: 'wx' }));
  }
}

/** Finish or take back what a killed process was doing in this folder. Returns how many there were. */
export async function recover(folder: string, store: RootfsStore): Promise<number> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const journals = names.filter((name) => name.startsWith(`${PREFIX}journal.tmp-`));
  for (const name of names) {
    const pid = name.startsWith(WORK_PREFIX) ? /^[0-9]+/.exec(name.slice(WORK_PREFIX.length))?.[0] : undefined;
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await rm(join(folder, name), { recursive: true, force: true });
  }
  let found = 0;
  for (const name of journals) {
    const path = join(folder, name);
    // `…tmp-PID-random`, and the journal's own temporary behind that.
    const pid = Number(/\.tmp-([0-9]+)-/.exec(name)?.[1]);
    if (existsSync(`/proc/${String(pid)}`)) continue;
    if (name.split('.tmp-').length === 2) {
      const journal = JSON.parse(await readFile(path, 'utf8')) as Journal;
      if (journal.state === 'commit') await finish(journal);
      else await takeBack(journal, store);
      found++;
    }
    await rm(path, { force: true });
  }
  return found;
}

async function finish({ renames }: Journal): Promise<void> {
  for (const [temporary, path] of renames) {
    if (!existsSync(temporary)) continue;
    await rename(temporary, path);
    await flush(dirname(path));
  }
}

async function takeBack({ renames, forks }: Journal, store: RootfsStore): Promise<void> {
  for (const [temporary] of renames) {
    // A writer that was killed has a temporary of its own behind this one.
    const own = basename(temporary);
    for (const name of existsSync(dirname(temporary)) ? readdirSync(dirname(temporary)) : []) {
      if (name === own || name.startsWith(`${own}.tmp-`))
        await rm(join(dirname(temporary), name), { recursive: true, force: true });
    }
  }
  for (const name of forks) if ((await findFork(store, name)) !== undefined) await removeFork(store, name);
}
