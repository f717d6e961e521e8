import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecaError } from 'execa';
import { BrokenOff } from '../providers/provider.ts';
import { explained } from './complaint.ts';
import type { AptArchive } from './machine-sources.ts';
import { parseShowsrc, type DebianTarball } from './source-index.ts';

/** An index younger than this is not fetched again just because something is not in it. */
const FRESH_MS = 10 * 60_000;

/**
 * apt over one suite's source index, with every path of its own: nothing of the machine's apt is read but its transport settings
 * (proxies, credentials, certificates), nothing is written but below `dir`, and no root is needed.
 *
 * Each index lies in a folder of its own that is renamed into place when it is complete, so that several processes can share it.
 */
export class PrivateApt {
  readonly #dir: string;
  readonly #archive: AptArchive;
  readonly #suite: string;
  #updating: Promise<string> | undefined;

  constructor(dir: string, archive: AptArchive, suite: string) {
    this.#dir = join(dir, suite);
    this.#archive = archive;
    this.#suite = suite;
  }

  /** The source package's tarballs in this suite; none when the suite has no such package. */
  async tarballs(name: string, signal: AbortSignal): Promise<DebianTarball[]> {
    const state = (await this.#newest()) ?? (await this.#update(signal));
    try {
      const { execa } = await import('execa');
      const { stdout } = await execa('apt-cache', ['-c', join(state, 'apt.conf'), '--only-source', 'showsrc', name], {
        cancelSignal: signal,
        env: { LC_ALL: 'C' },
      });
      return parseShowsrc(stdout);
    } catch (error) {
      if (/Unable to locate package|No packages found/.test((error as ExecaError).stderr?.toString() ?? '')) return [];
      throw explained(error, `apt-cache for ${this.#suite}`);
    }
  }

  /** Fetches the index again, unless that was done a moment ago. True when it is a new one. */
  async refresh(signal: AbortSignal): Promise<boolean> {
    const newest = await this.#newest();
    if (newest !== undefined && Date.now() - (await stat(newest)).mtimeMs < FRESH_MS) return false;
    await this.#update(signal);
    return true;
  }

  /** When the archive signed the index that is used now; undefined when its Release file has no date. */
  async date(): Promise<Date | undefined> {
    const state = await this.#newest();
    if (state === undefined) return undefined;
    const lists = join(state, 'lists');
    const release = (await readdir(lists)).find((name) => /_(In)?Release$/.test(name));
    if (release === undefined) return undefined;
    const date = /^Date: *(.+)$/m.exec(await readFile(join(lists, release), 'utf8'))?.[1];
    const moment = new Date(date ?? Number.NaN);
    return Number.isNaN(moment.getTime()) ? undefined : moment;
  }

  async #newest(): Promise<string | undefined> {
    const names = await readdir(this.#dir).catch(() => []);
    const [newest] = names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a));
    return newest === undefined ? undefined : join(this.#dir, newest);
  }

  async #update(signal: AbortSignal): Promise<string> {
    this.#updating ??= this.#fetchIndex(signal).finally(() => (this.#updating = undefined));
    return this.#updating;
  }

  async #fetchIndex(signal: AbortSignal): Promise<string> {
    const stamp = String(Date.now());
    const place = join(this.#dir, stamp);
    const beside = join(this.#dir, `.${stamp}.${randomBytes(4).toString('hex')}`);
    try {
      await this.#writeConfiguration(beside, beside);
      const { execa } = await import('execa');
      await execa('apt-get', ['-c', join(beside, 'apt.conf'), '-o', 'APT::Update::Error-Mode=any', '-q', 'update'], {
        cancelSignal: signal,
        env: { LC_ALL: 'C' },
      });
      const lists = await readdir(join(beside, 'lists'));
      if (!lists.some((name) => /_Sources(\.|$)/.test(name)))
        throw new BrokenOff(`apt-get update brought no source index of ${this.#suite}`);
      await this.#writeConfiguration(beside, place);
      await rename(beside, place);
    } catch (error) {
      await rm(beside, { recursive: true, force: true });
      throw explained(error, `apt-get update for ${this.#suite}`);
    }
    await this.#removeOld(stamp);
    return place;
  }

  /** Written for the place where it will be used from. */
  async #writeConfiguration(folder: string, place: string): Promise<void> {
    for (const part of ['lists/partial', 'cache/archives/partial', 'state']) await mkdir(join(folder, part), { recursive: true });
    const { uri, signedBy } = this.#archive;
    await writeFile(
      join(folder, 'sources.list'),
      `deb-src ${signedBy === undefined ? '' : `[signed-by=${signedBy}] `}${uri} ${this.#suite} main\n`,
    );
    await writeFile(join(folder, 'status'), '');
    const at = (name: string): string => JSON.stringify(join(place, name));
    await writeFile(
      join(folder, 'apt.conf'),
      `Dir::Etc::sourcelist ${at('sources.list')};
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State ${at('state')};
Dir::State::lists ${at('lists')};
Dir::State::status ${at('status')};
Dir::Cache ${at('cache')};
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
// The folders above belong to whoever runs this: no other user could write there.
APT::Sandbox::User "root";
// Hooks of the machine are about the machine's packages.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`,
    );
  }

  /** Whoever still reads an old index has it open or tries again with the new one. */
  async #removeOld(stamp: string): Promise<void> {
    for (const name of await readdir(this.#dir)) {
      if (/^\d+$/.test(name) && Number(name) < Number(stamp)) await rm(join(this.#dir, name), { recursive: true, force: true });
    }
  }
}
