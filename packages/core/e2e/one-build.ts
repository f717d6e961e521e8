/** A process that builds two small steps in a store, for tests that kill it: `node one-build.ts STORE SECONDS MARK [TARGET]`. Prints events as JSON lines. */
import { XlfsError } from '../src/errors.ts';
import { build } from '../src/execute/build.ts';
import { makePlan } from '../src/plan/plan.ts';
import { slowRegistry } from './slow-registry.ts';
import { openStore } from '../src/store/store.ts';

const [dir = '', seconds = '0', mark = '', target = 'slow'] = process.argv.slice(2);
const stop = new AbortController();
process.on('SIGINT', () => stop.abort());
try {
  await build(makePlan(slowRegistry(seconds, mark), [target]), {
    store: await openStore(dir),
    lock: { lockVersion: 1, sources: {} },
    fetch: () => Promise.reject(new Error('no sources here')),
    onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
    signal: stop.signal,
  });
} catch (error) {
  process.stdout.write(`${JSON.stringify({ type: 'error', code: error instanceof XlfsError ? error.code : String(error) })}\n`);
  process.exitCode = error instanceof XlfsError ? error.exitCode : 1;
}
