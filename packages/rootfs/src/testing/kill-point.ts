/**
 * Preloaded into a program (node --import): counts its changes to the file system, and kills it right before one of them. With XLFS_KILL_LIST the
 * names of the calls are written there in the end; with XLFS_KILL_AT the process dies at that one, counted from 0.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Calls = Record<string, ((...args: unknown[]) => unknown) | undefined>;

const CHANGES = [
  ...['rename', 'link', 'symlink', 'unlink', 'rm', 'rmdir', 'mkdir', 'mkdtemp'],
  ...['writeFile', 'write', 'ftruncate', 'chmod', 'copyFile'],
];
const { XLFS_KILL_AT: at, XLFS_KILL_LIST: list } = process.env;
const { writeFileSync } = fs;
const calls: string[] = [];

function count(name: string): void {
  if (calls.length === Number(at ?? -1)) {
    process.kill(process.pid, 'SIGKILL');
    // Nothing happens until it arrives.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  calls.push(name);
}

const owners: readonly (readonly [Calls, string])[] = [
  [fs as unknown as Calls, ''],
  [fs as unknown as Calls, 'Sync'],
  [fs.promises as unknown as Calls, ''],
];
for (const [owner, suffix] of owners) {
  for (const name of CHANGES.map((change) => change + suffix)) {
    const original = owner[name];
    if (original === undefined) continue;
    owner[name] = (...args) => {
      count(name);
      return original.apply(owner, args);
    };
  }
}
syncBuiltinESMExports();
if (list !== undefined) process.on('exit', () => writeFileSync(list, JSON.stringify(calls)));
