#!/usr/bin/env node
// No name is imported that an old Node lacks: it has to come as far as the sentence that says so.
import * as modules from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const OLDEST = [22, 18] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(
    `xlfs: Node ${process.versions.node} is too old\n  → install Node ${OLDEST.join('.')} or newer; in a project, npm install --save-dev node@24 brings one\n  (HOST_REQUIREMENT)`,
  );
  process.exitCode = 2;
} else {
  // Half of a short command's time is spent compiling what was compiled the last time.
  modules.enableCompileCache(join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'xlfs', 'compiled'));
  const { run } = await import('./run.ts');
  process.exitCode = await run(process.argv.slice(2));
}
