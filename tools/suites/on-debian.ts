/**
 * Suites of packages, as root, on a Debian 13 in place of the temporary system: `node tools/suites/on-debian.ts /var/tmp/debian-13 gcc-tests-c-torture`. Its compiler, C library
 * and binutils have the versions of LFS 12.3, so that what fails here tells what will fail there, two hours earlier. Whether a suite passes, `xlfs build --profile lfs` says.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openProfile } from '@xlfs/cli';
import { build, defaultStoreDir, defineRecipe, defineRegistry, makePlan, openStore, sourceFetcher } from '@xlfs/core';

/** What a suite wants that LFS has built by then. */
const PACKAGES = `
  autoconf automake bc bison bzip2 dejagnu expect file flex g++ gawk gcc gettext less libacl1-dev libbz2-dev
  libexpat1-dev libffi-dev libgdbm-compat-dev libgdbm-dev libgmp-dev liblzma-dev libmpc-dev libmpfr-dev
  libncurses-dev libreadline-dev libssl-dev libtool-bin libzstd-dev locales-all m4 make netbase patch perl
  pkgconf procps python3 tcl texinfo tzdata uuid-dev xz-utils zlib1g-dev
`;

const [folder, ...targets] = process.argv.slice(2);
if (folder === undefined || targets.length === 0) {
  console.error('usage: node tools/suites/on-debian.ts <folder, where Debian is made unless it is there> <package>-tests…');
  process.exit(2);
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
const store = await openStore(defaultStoreDir());
const { registry, lock } = await openProfile('lfs');

const debian = defineRecipe({
  name: 'debian',
  version: '13',
  summary: 'What stands in for the temporary system',
  license: 'MIT',
  homepage: 'https://www.debian.org',
  reference: 'debootstrap(8)',
  weight: 0.1,
  task: { module: new URL('debian-tree.ts', import.meta.url).href, export: 'copyTree', params: debianTree(resolve(folder)) },
});

// They need nothing but Debian, and do not look for what they made where LFS has it.
const recipes = [...registry.recipes.values()]
  .filter(({ name }) => targets.some((target) => target.startsWith(`${name}-tests`)))
  .map(({ phases, ...recipe }) => ({
    ...recipe,
    needs: { build: [], tools: [], run: [], test: [] },
    phases: phases.filter(({ name }) => name !== 'finish'),
  }));

const plan = makePlan(defineRegistry({ ...registry.profile, base: [debian.name] }, [debian, ...recipes]), targets);
await build(plan, {
  ...{ store, lock, signal: stop.signal, keepGoing: true },
  fetch: sourceFetcher(store, lock),
  onEvent: (event) => {
    if (event.type !== 'source-progress') console.log(JSON.stringify(event));
  },
});

/** Makes a Debian 13 in a folder that is not there. */
function debianTree(tree: string): string {
  if (existsSync(tree)) return tree;
  const begun = `${tree}.new`;
  rmSync(begun, { recursive: true, force: true });
  execFileSync('debootstrap', ['--variant=minbase', `--include=${PACKAGES.trim().split(/\s+/).join(',')}`, 'trixie', begun], {
    stdio: 'inherit',
  });
  // The sandbox brings its own.
  for (const name of ['dev', 'proc', 'run', 'sys']) rmSync(join(begun, name), { recursive: true, force: true });
  // LFS has none: gcc 14.2.0's library falls back on its own, and cannot read that of 2026.
  rmSync(join(begun, 'usr/share/zoneinfo/tzdata.zi'));
  renameSync(begun, tree);
  return tree;
}
