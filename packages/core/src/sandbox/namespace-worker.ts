import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { XlfsError, type ErrorCode } from '../errors.ts';
import { withSystemFolders } from '../host/search-path.ts';
import { spawnAsNamespaceRoot } from './namespace.ts';
import type { Request, Response, SerializedError } from './worker-protocol.ts';

export interface WorkerCall {
  /** `file:` URL of an ES module. */
  readonly module: string;
  /** Name of an exported function `(params, context) => result`. */
  readonly export: string;
  /** JSON. */
  readonly params: unknown;
  readonly onEvent?: (event: unknown) => void;
  readonly signal?: AbortSignal;
}

/** A process that is root of its own user and mount namespaces and runs functions for us. */
export interface NamespaceWorker {
  /** Runs an exported function as namespace root. Errors come back as they were thrown (XlfsError keeps its code). */
  call(call: WorkerCall): Promise<unknown>;
  close(): Promise<void>;
}

// The compiled package has its worker beside this chunk; the sources have it beside this file.
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** @throws XlfsError `SANDBOX_UNAVAILABLE`. */
export async function startNamespaceWorker(): Promise<NamespaceWorker> {
  const child = await spawnAsNamespaceRoot([process.execPath, fileURLToPath(WORKER)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // The type stripper's warning is no news to anybody.
    env: { ...process.env, PATH: withSystemFolders(process.env['PATH']), NODE_NO_WARNINGS: '1', NODE_OPTIONS: '' },
  });
  return connect(child);
}

/** Runs one exported function as namespace root in a process of its own. */
export async function asNamespaceRoot(call: WorkerCall): Promise<unknown> {
  const worker = await startNamespaceWorker();
  try {
    return await worker.call(call);
  } finally {
    await worker.close();
  }
}

async function connect(child: ChildProcess): Promise<NamespaceWorker> {
  interface Pending {
    readonly done: (result: unknown) => void;
    readonly fail: (error: Error) => void;
    readonly onEvent: ((event: unknown) => void) | undefined;
  }
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let ready!: () => void;
  let notReady!: (error: Error) => void;
  const isReady = new Promise<void>((done, fail) => {
    ready = done;
    notReady = fail;
  });
  const exited = new Promise<void>((done) => {
    child.once('exit', (code, signal) => {
      const error = new Error(`the namespace worker ended (${signal ?? `exit ${String(code)}`})`);
      notReady(error);
      for (const { fail } of pending.values()) fail(error);
      pending.clear();
      done();
    });
  });
  child.on('message', (response: Response) => {
    if (response.type === 'ready') return ready();
    const call = pending.get(response.id);
    if (call === undefined) return;
    if (response.type === 'event') return call.onEvent?.(response.event);
    pending.delete(response.id);
    if (response.type === 'done') call.done(response.result);
    else call.fail(revive(response.error));
  });
  await isReady;

  const send = (request: Request): void => {
    if (child.connected) child.send(request);
  };
  return {
    call: ({ module, export: name, params, onEvent, signal }) =>
      new Promise((done, fail) => {
        const id = ++lastId;
        if (!child.connected) return fail(new Error('the namespace worker has ended'));
        const onAbort = (): void => send({ type: 'abort', id });
        const settle = <T>(then: (value: T) => void) => {
          return (value: T): void => {
            signal?.removeEventListener('abort', onAbort);
            then(value);
          };
        };
        pending.set(id, { done: settle(done), fail: settle(fail), onEvent });
        send({ type: 'call', id, module, export: name, params });
        if (signal?.aborted) onAbort();
        else signal?.addEventListener('abort', onAbort, { once: true });
      }),
    close: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

function revive({ code, message, hint, stack }: SerializedError): Error {
  if (code !== undefined) return new XlfsError(code as ErrorCode, message, hint === undefined ? {} : { hint });
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
