import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

import { parseArguments, readTree, runConf, shellProber, type KconfigTree, type Prober } from '../../src/index.ts';
import { describeFailure } from '../../src/conf/failure.ts';
import { KernelConfigError } from '../../src/errors.ts';
import type { Oracle } from './trees.ts';

/** One run of conf: what it starts with. */
export interface Case {
  readonly mode: string;
  /** The `.config` to start with: a file name, or undefined for none. */
  readonly config?: string | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

/** All that a run leaves: exit code, both streams, each file below its folder. */
export type Outcome = ReadonlyMap<string, string>;

/** Runs both programs on a case and names what differs; empty if nothing does. */
export function differences(oracle: Oracle, prober: Prober, each: Case, tree?: KconfigTree): string[] {
  return compare(oracle, each, runC(oracle, each), runOurs(oracle, prober, each, tree));
}

/** The tree as our side reads it, to be used for many cases. */
export function readOracleTree(oracle: Oracle, prober: Prober): KconfigTree {
  return readTree({ tree: oracle.tree, file: oracle.file, environment: oracle.environment, prober });
}

export function compare(oracle: Oracle, each: Case, expected: Outcome, actual: Outcome): string[] {
  return [...new Set([...expected.keys(), ...actual.keys()])]
    .filter((name) => expected.get(name) !== actual.get(name))
    .map((name) => {
      const [a, b] = [expected.get(name), actual.get(name)].map((text) => (text ?? '(no such file)').split('\n'));
      const at = a!.findIndex((line, index) => line !== b![index]);
      return `${oracle.name} --${each.mode} ${each.config ?? ''}: ${name} differs at line ${at + 1}: C has ${JSON.stringify(a![at])}, we have ${JSON.stringify(b![at])}`;
    });
}

/** A prober that asks each question once for all cases of a tree. */
export function proberFor(oracle: Oracle): Prober {
  return shellProber({ cwd: oracle.tree, environment: oracle.environment });
}

export function runC(oracle: Oracle, each: Case): Outcome {
  return inFolder(oracle, each, (cwd) => {
    const environment = { ...oracle.environment, ...each.environment };
    const words = oracle.ancient ? ancientWords(each.mode) : [`--${each.mode}`];
    const run = spawnSync(oracle.conf, [...words, oracle.file], {
      cwd,
      env: {
        ...environment,
        LD_PRELOAD: popenCache(),
        POPEN_CACHE: answersFor(oracle),
        // A conf without KCONFIG_SEED takes the time of day.
        ...(oracle.ancient && environment.KCONFIG_SEED !== undefined ? { FIXED_TIME: environment.KCONFIG_SEED } : {}),
      },
      input: '',
      maxBuffer: 1 << 28,
    });
    return { code: run.status, out: run.stdout.toString('latin1'), error: run.stderr.toString('latin1') };
  });
}

export function runOurs(oracle: Oracle, prober: Prober, each: Case, tree?: KconfigTree): Outcome {
  return inFolder(oracle, each, (cwd) => {
    let out = '';
    let error = '';
    let code: number;
    const environment = { ...oracle.environment, ...each.environment };
    try {
      code = runConf(parseArguments([`--${each.mode}`, oracle.file])!, {
        environment,
        cwd,
        prober,
        ...(tree === undefined ? {} : { tree }),
        print: (text) => (out += text),
        printError: (text) => (error += text),
        input: { next: () => undefined },
        isTerminal: false,
      });
    } catch (failure) {
      if (!(failure instanceof KernelConfigError)) throw failure;
      error += describeFailure(failure);
      code = 1;
    }
    return { code, out, error };
  });
}

/** The options of BusyBox's conf. */
function ancientWords(mode: string): string[] {
  if (mode.startsWith('defconfig=')) return ['-D', mode.slice('defconfig='.length)];
  const words: Readonly<Record<string, string[]>> = {
    oldaskconfig: [],
    oldconfig: ['-o'],
    syncconfig: ['-s'],
    olddefconfig: ['-D', '.config'],
    alldefconfig: ['-d'],
    allnoconfig: ['-n'],
    allmodconfig: ['-m'],
    allyesconfig: ['-y'],
    randconfig: ['-r'],
  };
  return words[mode]!;
}

function inFolder(
  oracle: Oracle,
  each: Case,
  run: (cwd: string) => { code: number | null; out: string; error: string },
): Outcome {
  const cwd = mkdtempSync(join(tmpdir(), 'xlfs-conf-'));
  try {
    // Folders that such a conf does not make itself.
    if (oracle.ancient) mkdirSync(join(cwd, 'include'));
    const autoConfig = oracle.environment.KCONFIG_AUTOCONFIG;
    if (autoConfig !== undefined && !isAbsolute(autoConfig)) mkdirSync(join(cwd, dirname(autoConfig)), { recursive: true });
    if (each.config !== undefined) copyFileSync(each.config, join(cwd, '.config'));
    const { code, out, error } = run(cwd);
    const outcome = new Map([
      ['exit code', String(code)],
      ['stdout', out],
      ['stderr', error],
    ]);
    for (const name of readdirSync(cwd, { recursive: true, encoding: 'utf8' }).sort()) {
      const path = join(cwd, name);
      outcome.set(name, statSync(path).isDirectory() ? '(folder)' : readFileSync(path, 'latin1'));
    }
    return outcome;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** What this process keeps for the C program: the library loaded into it, and the answers of each tree. */
let kept: string | undefined;

function keptFolder(): string {
  if (kept === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'xlfs-popen-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    kept = folder;
  }
  return kept;
}

/** The C program would ask the compiler some 300 questions in each run; the answers are kept. */
function popenCache(): string {
  const library = join(keptFolder(), 'popen-cache.so');
  if (!existsSync(library))
    execFileSync('gcc', ['-O1', '-shared', '-fPIC', '-o', library, join(import.meta.dirname, 'popen-cache.c'), '-ldl']);
  return library;
}

/** Of this process only: what a machine answers changes with its programs and its environment, and both sides are to ask the same one. */
function answersFor(oracle: Oracle): string {
  const folder = join(keptFolder(), oracle.name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
