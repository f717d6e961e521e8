import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync, type Stats } from 'node:fs';
import { isAbsolute, join } from 'node:path';

import type { Prober } from './prober.ts';

export interface CachedProberOptions {
  /** Answers what is not known yet. */
  readonly inner: Prober;
  /** Where answers are kept: one file for each tool chain. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Variables of Kbuild that name tools. */
const TOOL_VARIABLES = [
  'CC',
  'LD',
  'AR',
  'NM',
  'OBJCOPY',
  'OBJDUMP',
  'STRIP',
  'READELF',
  'HOSTCC',
  'HOSTCXX',
  'RUSTC',
  'BINDGEN',
  'PAHOLE',
  'AS',
];

/** Commands that only work with words, and questions where a program is (the identity has the search path). */
const PURE =
  /^\{? *(set -- [\w .()+,-]*&& echo \$\d|test -[zn] "[^"$`]*"|test "[^"$`]*" !?= "?[\w.-]*"?|test -[efx] [\w./+-]+|-c "[\w ]*"|command -v [\w./-]+|test [\w"' .-]+ -(eq|ne|lt|le|gt|ge) [\w"' .-]+|echo [\w .-]*)( ?;? ?\} ?>\/dev\/null 2>&1 && echo "[^"$`]*" \|\| echo "[^"$`]*")?$/;

/** A tool called by its variable. */
const NAMED_TOOL = new RegExp(`\\$\\{?(${TOOL_VARIABLES.join('|')})\\b`);

/**
 * Keeps answers about the tool chain from run to run.
 *
 * An answer is kept if its command calls a tool that Kbuild names (`CC`, `LD` …), looks whether a file is there, or works with
 * words alone. It is valid as
 * long as those tools, the assembler behind them, and the scripts that the command names are the same files. All other
 * commands are run each time.
 */
export function cachedProber(options: CachedProberOptions): Prober {
  const { inner, folder, environment, cwd } = options;
  const files = new Map<string, string>();
  const tools = new Set(
    TOOL_VARIABLES.flatMap((name) => (environment[name] ?? '').split(/\s+/)).filter(
      (word) => word !== '' && !word.startsWith('-'),
    ),
  );
  const identity = digest(
    [
      ...TOOL_VARIABLES.map((name) => `${name}=${environment[name] ?? ''}`),
      environment.PATH ?? '',
      environment.LC_ALL ?? environment.LANG ?? '',
      ...[...tools, 'as', 'ld', 'sh'].map(fileIdentity),
    ].join('\n'),
  );
  const path = join(folder, `probes-${identity}.json`);
  let known: Record<string, string> | undefined;
  const pending = new Map<number, string>();
  let learned = false;

  /** What tells whether a word is still the same file; empty if it names none. */
  function fileIdentity(word: string): string {
    let found = files.get(word);
    if (found === undefined) {
      found = '';
      const places = word.includes('/')
        ? [isAbsolute(word) ? word : join(cwd, word)]
        : (environment.PATH ?? '').split(':').map((folder) => join(folder, word));
      for (const place of places) {
        const stat = statIfReadable(place);
        if (stat !== undefined && !stat.isFile() && word.includes('/')) found = 'no file';
        if (stat?.isFile()) {
          found = `${realpathSync(place)} ${stat.size} ${stat.mtimeMs} ${stat.ino}`;
          break;
        }
      }
      files.set(word, found);
    }
    return found;
  }

  function keyOf(command: string): string | undefined {
    const words = command.split(/[\s;|&(){}"'`$<>=]+/);
    const isKept =
      words.some((word) => tools.has(word)) || NAMED_TOOL.test(command) || PURE.test(command) || isRefusedRust(command);
    if (!isKept) return undefined;
    const scripts = words.filter((word) => word.includes('/') && !word.startsWith('/dev/')).map(fileIdentity);
    return digest([command, ...scripts].join('\n'));
  }

  /** Without a Rust compiler, the script that looks for one has only one answer; with one, it asks for more than that. */
  function isRefusedRust(command: string): boolean {
    return (
      /\/rust_is_available\.sh\b/.test(command) &&
      ['RUSTC', 'BINDGEN'].some((name) => fileIdentity(environment[name] ?? '') === '')
    );
  }

  function load(): Record<string, string> {
    if (known !== undefined) return known;
    known = Object.create(null) as Record<string, string>;
    try {
      const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
      // A damaged file is as good as none: it is written anew.
      const entries = Object.entries(parsed as Record<string, unknown>);
      for (const [name, answer] of entries) if (typeof answer === 'string') known[name] = answer;
    } catch {
      // Nothing kept yet.
    }
    return known;
  }

  function learn(key: string, answer: string): string {
    load()[key] = answer;
    learned = true;
    return answer;
  }

  return {
    start(command) {
      const key = keyOf(command);
      if (key === undefined) return inner.start(command);
      const answer = load()[key];
      if (answer !== undefined) return answer;
      const started = inner.start(command);
      if (typeof started === 'string') return learn(key, started);
      pending.set(started, key);
      return started;
    },
    wait(id) {
      const answer = inner.wait(id);
      const key = pending.get(id);
      return key === undefined ? answer : learn(key, answer);
    },
    close() {
      inner.close();
      pending.clear();
      if (!learned) return;
      learned = false;
      try {
        mkdirSync(folder, { recursive: true });
        const temporary = `${path}.${process.pid}.tmp`;
        writeFileSync(temporary, JSON.stringify(load()));
        renameSync(temporary, path);
      } catch {
        // Without a place to keep answers, each run asks again.
      }
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex').slice(0, 32);
}

/** A folder on the path may be somebody else's (`su` keeps root's path): the shell passes over it, and so do we. */
function statIfReadable(place: string): Stats | undefined {
  try {
    return statSync(place);
  } catch {
    return undefined;
  }
}
