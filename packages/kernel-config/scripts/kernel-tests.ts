/**
 * The kernel's own tests of Kconfig (scripts/kconfig/tests), unchanged, with xlfs-conf in the place of conf.
 *
 *     npm run kernel-tests -w @xlfs/kernel-config [-- linux-6.12 linux-6.1 …]
 *
 * Needs python3-pytest besides what the tests of this package need.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { oracle, type TreeName } from '../e2e/support/trees.ts';

const words = process.argv.slice(2) as TreeName[];
const program = join(import.meta.dirname, '../src/bin/xlfs-conf.ts');
for (const name of words.length === 0 ? (['linux-6.12', 'linux-6.1', 'linux-7'] as const) : words) {
  const folder = mkdtempSync(join(tmpdir(), 'xlfs-kernel-tests-'));
  const kconfig = join(folder, 'scripts/kconfig');
  mkdirSync(kconfig, { recursive: true });
  cpSync(join(oracle(name).tree, 'scripts/kconfig'), kconfig, {
    recursive: true,
    filter: (file) => !/\.(py|l|y|h|o)c$|\/conf$/.test(file),
  });
  const conf = join(kconfig, 'conf');
  writeFileSync(conf, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(conf, 0o755);
  console.log(name);
  const { status } = spawnSync(
    '/usr/bin/python3',
    ['-B', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'scripts/kconfig/tests'],
    {
      cwd: folder,
      stdio: 'inherit',
      // The tests' own trees have no copy of Kconfig to tell the dialect from.
      env: { ...process.env, XLFS_KCONFIG_CACHE: 'off', XLFS_KCONFIG_DIALECT: folder },
    },
  );
  rmSync(folder, { recursive: true, force: true });
  if (status !== 0) process.exitCode = 1;
}
