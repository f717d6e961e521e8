import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { readTrustedKeys, requireSignature, trustedKeysPath } from '../signature/trust.ts';
import { interruptible, proceed, type Interruptible } from '../store/interrupt.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';
import { recover, Transaction } from './commit.ts';
import { describe, execute, writeImages, type Context } from './execute.ts';
import { readExpression, type Expression } from './expressions.ts';
import { folderOf } from './fetch.ts';
import { parseContainer, type XlText } from './parse.ts';
import { domainsOf, instantiate, type Variables } from './variables.ts';
import { Workspace } from './workspace.ts';

export interface ContainerOptions extends Interruptible {
  readonly store: RootfsStore;
  /** Where the plain xl configuration goes. Left out in a dry run. */
  readonly stripped?: string;
  /** File that the log is added to. */
  readonly log?: string;
  /** Working directory for archives that are being processed. @default the container file's folder */
  readonly dir?: string;
  /** Which `[domain NAME …]` of the file; needed when it has any. */
  readonly domain?: string;
  readonly variables?: Variables;
  /** Say what would be done, and do nothing. @default false */
  readonly dryRun?: boolean;
  /** Outputs may take the place of existing files. @default false */
  readonly replace?: boolean;
  /** Take what comes over the network without a digest or a signature, and an unsigned container file where one is wanted. @default false */
  readonly allowUnsigned?: boolean;
  /** The container file itself must be signed by a trusted key. With a `.minisig` beside it, it always must be a good one. @default false */
  readonly requireSigned?: boolean;
  /** @default the store's */
  readonly trustedKeys?: string;
  /** Time of files that are written, in seconds. @default 0 */
  readonly epoch?: number;
  readonly onLog?: (line: string) => void;
}

export interface ContainerResult {
  /** What was done, or would be, in order. */
  readonly steps: readonly string[];
  /** The plain xl configuration. Without the disks of forks in a dry run. */
  readonly config: string;
  readonly domain: string | null;
}

/**
 * Process a container file: its expressions in order, in one pass; what is left is the domain's xl configuration. All outputs appear
 * together at the end, or none.
 * @throws USAGE with file, line and column; SOURCE_UNAVAILABLE, SOURCE_DIGEST, ARCHIVE_INVALID, ARCHIVE_ESCAPES.
 */
export async function buildContainer(path: string, options: ContainerOptions): Promise<ContainerResult> {
  return await interruptible(options.signal, () => carryOut(path, options));
}

async function carryOut(path: string, options: ContainerOptions): Promise<ContainerResult> {
  const source = await readSource(path, options);
  const statements = instantiated(source, path, options);
  const parsed = statements.map((statement) => (statement.kind === 'xl' ? statement : readExpression(statement, path)));
  const steps = parsed.flatMap((statement) => (statement.kind === 'xl' ? [] : [describe(statement)]));
  const domain = options.domain ?? null;
  if (options.dryRun === true) return { steps, config: plain(parsed, new Map()), domain };
  const dir = resolve(options.dir ?? folderOf(path));
  await mkdir(dir, { recursive: true });
  const log = logger(options);
  if ((await recover(dir, options.store)) > 0) log('finished or took back what an interrupted run had left');
  const config = await run(path, parsed, dir, log, options);
  log(`done: ${String(steps.length)} expressions`);
  return { steps, config, domain };
}

async function run(
  path: string,
  parsed: readonly (XlText | Expression)[],
  dir: string,
  log: (line: string) => void,
  options: ContainerOptions,
): Promise<string> {
  const { store, replace = false, epoch = 0, allowUnsigned = false } = options;
  const outputs = new Transaction(dir, store);
  const relativeTo = folderOf(path);
  const work = await Workspace.open(dir, {
    store,
    relativeTo,
    trustedKeys: options.trustedKeys ?? trustedKeysPath(store),
    allowUnsigned,
  });
  const context: Context = { store, work, outputs, relativeTo, replace, epoch, log, atEnd: [] };
  try {
    const inPlace = new Map<Expression, string>();
    for (const statement of parsed) {
      if (statement.kind === 'xl') continue;
      proceed();
      try {
        inPlace.set(statement, await execute(statement, context));
      } catch (error) {
        throw located(error, path, statement);
      }
    }
    await writeImages(context);
    const config = plain(parsed, inPlace);
    if (options.stripped !== undefined) await writeFile(await outputs.output(resolve(options.stripped)), config);
    for (const finish of context.atEnd) await finish();
    proceed();
    await outputs.commit();
    return config;
  } catch (error) {
    log(`failed: ${error instanceof Error ? error.message : String(error)}`);
    await outputs.discard();
    throw error;
  } finally {
    await work.close();
  }
}

async function readSource(path: string, options: ContainerOptions): Promise<string> {
  if (!existsSync(path)) throw new XlfsError('USAGE', `there is no container file ${path}`);
  const signed = existsSync(`${path}.minisig`);
  if (signed || (options.requireSigned === true && options.allowUnsigned !== true)) {
    await requireSignature(path, await readTrustedKeys(options.trustedKeys ?? trustedKeysPath(options.store)));
  }
  return readFileSync(path, 'utf8');
}

function instantiated(
  source: string,
  path: string,
  { domain, variables = {} }: ContainerOptions,
): ReturnType<typeof parseContainer> {
  const statements = parseContainer(source, path);
  const domains = domainsOf(statements);
  if (domains.length > 0 && domain === undefined) {
    throw new XlfsError('USAGE', `${path} describes several domains`, { hint: `Say which one: ${domains.join(', ')}.` });
  }
  return instantiate(statements, path, { variables, ...(domain === undefined ? {} : { domain }) });
}

/** What is no expression, and what stands in the place of those. */
function plain(parsed: readonly (XlText | Expression)[], inPlace: ReadonlyMap<Expression, string>): string {
  return parsed.map((statement) => (statement.kind === 'xl' ? statement.text : (inPlace.get(statement) ?? ''))).join('');
}

function located(error: unknown, path: string, { line, column, kind }: Expression): unknown {
  if (!(error instanceof XlfsError) || error.message.startsWith(`${path}:`)) return error;
  return new XlfsError(error.code, `${path}:${String(line)}:${String(column)}: [${kind}]: ${error.message}`, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

function logger({ log, onLog }: ContainerOptions): (line: string) => void {
  if (log === undefined) return onLog ?? (() => undefined);
  const path = resolve(log);
  if (!existsSync(dirname(path))) throw new XlfsError('USAGE', `there is no folder ${dirname(path)} for the log`);
  return (line) => {
    appendFileSync(path, `${new Date().toISOString()} ${line}\n`);
    onLog?.(line);
  };
}
