#!/usr/bin/env node
import { isatty } from 'node:tty';
import { writeSync } from 'node:fs';

import { runConf } from '../conf/conf.ts';
import { drainInput } from '../conf/line-input.ts';
import { parseArguments, usageText } from '../conf/options.ts';
import { KernelConfigError } from '../errors.ts';
import { detectDialect, dialects, type Dialect, type DialectName } from '../kconfig/dialect.ts';
import { readerOf } from '../kconfig/read-tree.ts';
import { describeFailure } from '../conf/failure.ts';
import { cacheFolder, proberFromEnvironment } from '../probes/environment.ts';

/** Writes all of the text, also where the descriptor does not block. */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

/** Standard output is collected, so that many small pieces cost one write, and sent before anything else happens. */
let pending = '';
const flush = (): void => {
  if (pending !== '') write(1, pending);
  pending = '';
};
const print = (text: string): void => {
  pending += text;
  if (pending.length > 65536 || text.endsWith(' ')) flush();
};
const printError = (text: string): void => {
  flush();
  write(2, text);
};

/** `XLFS_KCONFIG_DIALECT`: the name of a dialect, or a folder with the copy of Kconfig to behave like. */
function givenDialect(given = ''): Dialect | undefined {
  if (given === '') return undefined;
  if (Object.hasOwn(dialects, given)) return dialects[given as DialectName];
  if (given.includes('/')) return detectDialect(readerOf(given));
  throw new KernelConfigError(
    'USAGE',
    `XLFS_KCONFIG_DIALECT=${given} is none of ${Object.keys(dialects).join(', ')}, nor a folder`,
  );
}

function main(): number {
  try {
    const options = parseArguments(process.argv.slice(2));
    if (options === undefined) {
      print(usageText);
      return 1;
    }
    const prober = proberFromEnvironment(process.env, process.cwd());
    try {
      return runConf(options, {
        environment: process.env,
        cwd: process.cwd(),
        prober,
        dialect: givenDialect(process.env.XLFS_KCONFIG_DIALECT),
        cacheFolder: cacheFolder(process.env),
        print,
        printError,
        isTerminal: isatty(0) && isatty(1),
      });
    } finally {
      prober.close();
    }
  } catch (error) {
    if (!(error instanceof KernelConfigError)) throw error;
    printError(describeFailure(error));
    if (error.code === 'USAGE') print(usageText);
    return 1;
  }
}

const code = main();
flush();
if (!isatty(0)) drainInput();
process.exit(code);
