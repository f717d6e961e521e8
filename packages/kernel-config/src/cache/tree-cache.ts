import { hash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

import { dialects, type Dialect } from '../kconfig/dialect.ts';
import type { KconfigTree } from '../kconfig/tree.ts';
import type { Prober } from '../probes/prober.ts';
import { decodeTree, encodeTree } from './tree-codec.ts';

/** To be raised whenever the same files would give another tree, or the same tree other numbers. */
const FORMAT = 'xlfs-kconfig-tree 1\n';
/** A file that changed this shortly before it was read may change again with the same time stamp. */
const SETTLED_MS = 2000;
/** So many trees are kept in a folder. */
const MAX_TREES = 24;
const DIGEST_LENGTH = 64;

type Environment = Readonly<Record<string, string | undefined>>;

/** What decides, besides the files, what a tree looks like. */
export interface TreeKey {
  readonly file: string;
  readonly tree: string;
  readonly workingDirectory: string | undefined;
  readonly dialect: Dialect | undefined;
  readonly relativeSource: boolean;
  readonly environment: Environment;
}

/** The state of a file: by stamp where that can be trusted, else by content. */
interface FileState {
  readonly digest: string;
  readonly stamp: string | undefined;
}

/** All that was asked while a tree was read, with the answers. */
interface Inputs {
  /** By name as asked for; null for files that were not there. */
  readonly files: Record<string, FileState | null>;
  readonly environment: Record<string, string | null>;
  readonly probes: Record<string, string>;
  readonly info: readonly string[];
}

/** Notes what a tree is made from while it is read. */
export interface Recorder {
  readonly read: (name: string) => string | undefined;
  readonly environment: Environment;
  readonly prober: Prober;
  readonly info: (text: string) => void;
  /** Keeps the tree. Failing to is no error: the tree is then parsed again next time. */
  save(tree: KconfigTree): void;
}

/**
 * Parsed trees, kept from run to run.
 *
 * A kept tree is used only if every file that was read, or looked for in vain, every environment variable that was looked
 * at, and the answer to every command are as they were. Files of other users, and damaged ones, are ignored.
 */
export class TreeCache {
  private readonly folder: string;
  private readonly key: TreeKey;
  private readonly path: string;

  constructor(folder: string, key: TreeKey) {
    this.folder = join(folder, 'trees');
    this.key = key;
    // Variants that people switch between are kept side by side.
    const variant = ['ARCH', 'SRCARCH', 'CC', 'LD', 'LLVM'].map((name) => key.environment[name] ?? '');
    const name = JSON.stringify([resolve(key.tree), key.file, key.relativeSource, key.dialect ?? null, variant]);
    this.path = join(this.folder, `${hash('sha256', name).slice(0, 32)}.tree`);
  }

  /** The kept tree and what it printed, if it is still what its files say. */
  load(prober: Prober): { tree: KconfigTree; info: readonly string[] } | undefined {
    try {
      const bytes = ownFile(this.path);
      if (bytes === undefined) return undefined;
      const { header, numbers, text } = unpack(bytes);
      const { dialect, inputs } = header;
      if (!this.isCurrent(inputs, prober)) return undefined;
      return { tree: decodeTree({ numbers, text }, dialect), info: inputs.info };
    } catch {
      // Whatever is wrong with a kept tree, the files are there to be read.
      return undefined;
    }
  }

  /** @param read opens a file of the tree */
  record(world: Omit<Recorder, 'save'>): Recorder {
    const inputs = {
      files: table<FileState | null>(),
      environment: table<string | null>(),
      probes: table<string>(),
      info: [] as string[],
    };
    const started = new Map<number, string>();
    const { prober } = world;
    return {
      read: (name) => {
        const text = world.read(name);
        inputs.files[name] ??= text === undefined ? null : this.stateOf(name, digestOf(text));
        return text;
      },
      environment: new Proxy(world.environment, {
        get: (target, name) => {
          const value = typeof name === 'string' ? target[name] : undefined;
          if (typeof name === 'string') inputs.environment[name] = value ?? null;
          return value;
        },
      }),
      prober: {
        start: (command) => {
          const answer = prober.start(command);
          if (typeof answer === 'string') inputs.probes[command] = answer;
          else started.set(answer, command);
          return answer;
        },
        wait: (id) => {
          const answer = prober.wait(id);
          inputs.probes[started.get(id)!] = answer;
          return answer;
        },
        close: () => prober.close(),
      },
      info: (text) => {
        inputs.info.push(text);
        world.info(text);
      },
      save: (tree) => {
        for (const [id, command] of started) inputs.probes[command] ??= prober.wait(id);
        this.write(tree, inputs);
      },
    };
  }

  private isCurrent({ files, environment, probes }: Inputs, prober: Prober): boolean {
    for (const [name, value] of Object.entries(environment)) if ((this.key.environment[name] ?? null) !== value) return false;
    // Commands run while the files are looked at.
    const answers = Object.keys(probes).map((command) => [command, prober.start(command)] as const);
    for (const [name, state] of Object.entries(files)) if (!this.isSame(name, state)) return false;
    return answers.every(([command, answer]) => (typeof answer === 'string' ? answer : prober.wait(answer)) === probes[command]);
  }

  private isSame(name: string, state: FileState | null): boolean {
    const place = this.placeOf(name);
    if (place === undefined || state === null) return place === undefined && state === null;
    if (place.stamp === state.stamp) return true;
    return digestOf(readFileSync(place.path, 'latin1').replaceAll('\0', '')) === state.digest;
  }

  private stateOf(name: string, digest: string): FileState {
    const place = this.placeOf(name);
    return { digest, stamp: place !== undefined && place.age > SETTLED_MS ? place.stamp : undefined };
  }

  /** Where a name leads, looked up as when it is read. */
  private placeOf(name: string): { path: string; stamp: string; age: number } | undefined {
    const { tree, workingDirectory } = this.key;
    const paths = name.startsWith('/')
      ? [name]
      : [workingDirectory, tree].flatMap((at) => (at === undefined ? [] : [`${at}/${name}`]));
    for (const path of paths) {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined || stat.isDirectory()) continue;
      const stamp = [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino, stat.dev].join(' ');
      return { path, stamp, age: Date.now() - Math.max(stat.mtimeMs, stat.ctimeMs) };
    }
    return undefined;
  }

  private write(tree: KconfigTree, inputs: Inputs): void {
    const encoded = encodeTree(tree);
    if (encoded === undefined) return;
    const header = Buffer.from(JSON.stringify({ dialect: tree.dialect, inputs, texts: encoded.text.length }), 'utf8');
    const lengths = new Int32Array([header.length, encoded.numbers.length]);
    const body = Buffer.concat([
      Buffer.from(lengths.buffer),
      Buffer.from(encoded.numbers.buffer, encoded.numbers.byteOffset, encoded.numbers.byteLength),
      header,
      Buffer.from(encoded.text, 'latin1'),
    ]);
    const temporary = `${this.path}.${process.pid}.tmp`;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(temporary, [FORMAT, hash('sha256', body), '\n'].join(''), { flag: 'wx', mode: 0o600 });
      writeFileSync(temporary, body, { flag: 'a' });
      renameSync(temporary, this.path);
      this.forgetOldest();
    } catch {
      // Without a place to keep trees, each run reads the files.
      remove(temporary);
    }
  }

  private forgetOldest(): void {
    const kept = readdirSync(this.folder).filter((name) => name.endsWith('.tree'));
    if (kept.length <= MAX_TREES) return;
    const byAge = kept
      .map((name) => join(this.folder, name))
      .map((path) => ({ path, time: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
      .sort((a, b) => b.time - a.time);
    for (const { path } of byAge.slice(MAX_TREES)) remove(path);
  }
}

/** The content of a file that only this user (or root) can have written. */
function ownFile(path: string): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const stat = fstatSync(file);
    const mayWrite = stat.uid === process.getuid?.() || stat.uid === 0;
    if (!stat.isFile() || !mayWrite || (stat.mode & 0o022) !== 0) return undefined;
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** @throws Error if the bytes are not those that were written */
function unpack(bytes: Buffer): { header: { dialect: Dialect; inputs: Inputs }; numbers: Int32Array; text: string } {
  const start = FORMAT.length + DIGEST_LENGTH + 1;
  const body = bytes.subarray(start);
  const preamble = bytes.toString('latin1', 0, start);
  if (!preamble.startsWith(FORMAT) || hash('sha256', body) !== preamble.slice(FORMAT.length, -1)) throw new Error('damaged');
  const [headerLength, count] = [body.readInt32LE(0), body.readInt32LE(4)];
  const at = 8 + count * 4;
  if (headerLength < 0 || count < 0 || at + headerLength > body.length) throw new Error('lengths are out of bounds');
  const numbers = new Int32Array(count);
  new Uint8Array(numbers.buffer).set(body.subarray(8, at));
  const header: unknown = JSON.parse(body.toString('utf8', at, at + headerLength));
  const text = body.toString('latin1', at + headerLength);
  return { header: checkHeader(header), numbers, text };
}

function checkHeader(header: unknown): { dialect: Dialect; inputs: Inputs } {
  const { dialect, inputs } = header as { dialect: Dialect; inputs: Inputs };
  const model = dialects['linux-7'];
  for (const [name, value] of Object.entries(model))
    if (typeof dialect[name as keyof Dialect] !== typeof value) throw new Error('the dialect is another one');
  for (const part of [inputs.files, inputs.environment, inputs.probes])
    if (typeof part !== 'object' || part === null) throw new Error('inputs are missing');
  if (!inputs.info.every((text) => typeof text === 'string')) throw new Error('inputs are missing');
  return { dialect, inputs };
}

function digestOf(text: string): string {
  return hash('sha256', Buffer.from(text, 'latin1')).slice(0, 32);
}

function table<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another run was quicker.
  }
}
