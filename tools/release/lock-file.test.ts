import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { workspace } from '../test/projects.ts';

interface Entry {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(await readFile(join(workspace, 'package-lock.json'), 'utf8')) as { packages: Record<string, Entry> };

test('the lock names no registry: packages come from wherever npm is configured to look', () => {
  const hosts = Object.values(lock.packages).filter(({ resolved, link }) => resolved !== undefined && link !== true);
  expect(hosts).toEqual([]);
});

test('the lock has the optional packages of every platform: `npm ci` refuses it otherwise', () => {
  const missing = Object.entries(lock.packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !visible(from, name)),
  );
  expect(missing).toEqual([]);
});

/** Whether Node's lookup from the package at `from` finds `name` somewhere above. */
function visible(from: string, name: string): boolean {
  if (lock.packages[join(from, 'node_modules', name)] !== undefined) return true;
  return from !== '' && visible(dirname(from) === '.' ? '' : dirname(from), name);
}
