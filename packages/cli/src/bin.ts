#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Half of a short command's time is spent compiling what was compiled the last time.
enableCompileCache(join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'xlfs', 'compiled'));

const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
