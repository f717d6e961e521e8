/**
 * The process behind {@link NamespaceWorker}: root of its namespaces, it imports modules and calls their exported functions on request.
 * It ends when its channel does, and with it every mount that it made.
 */
import { XlfsError } from '../errors.ts';
import type { Request, Response, SerializedError, WorkerFunction } from './worker-protocol.ts';

const running = new Map<number, AbortController>();

function send(response: Response): void {
  if (process.connected) process.send?.(response);
}

async function call(request: Extract<Request, { type: 'call' }>): Promise<void> {
  const { id } = request;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const module = (await import(request.module)) as Record<string, WorkerFunction | undefined>;
    const fn = module[request.export];
    if (fn === undefined) throw new Error(`${request.module} exports no ${request.export}`);
    const result = await fn(request.params as never, {
      emit: (event) => send({ type: 'event', id, event }),
      signal: controller.signal,
    });
    send({ type: 'done', id, result });
  } catch (error) {
    send({ type: 'failed', id, error: serialize(error) });
  } finally {
    running.delete(id);
  }
}

function serialize(error: unknown): SerializedError {
  if (error instanceof XlfsError)
    return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code;
    const stack = error.stack === undefined ? {} : { stack: error.stack };
    return code === 'ENOSPC' ? { code: 'NO_SPACE', message: error.message, ...stack } : { message: error.message, ...stack };
  }
  return { message: String(error) };
}

process.on('message', (request: Request) => {
  if (request.type === 'call') void call(request);
  else running.get(request.id)?.abort();
});
// Without a parent there is nobody to work for; the sandboxes die with us (PR_SET_PDEATHSIG).
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole terminal group; the parent decides what it means.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.umask(0o022);
send({ type: 'ready' });
