/** Steps whose root is composed of layers, and steps that bootstrap a toolchain of their own. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { build, type BuildOptions, type BuildResult } from '../execute/build.ts';
import { openShell } from '../execute/shell.ts';
import { makePlan } from '../plan/plan.ts';
import { defineRecipe } from '../recipe/define.ts';
import type { Recipe, RecipeInput } from '../recipe/recipe.ts';
import { defineRegistry, type Registry } from '../recipe/registry.ts';
import { openStore, type Store } from '../store/store.ts';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-roots-'));
  store = await openStore(join(folder, 'store'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const about = { version: '1', summary: 's', license: 'MIT', homepage: '', reference: 'none', weight: 0.01 };

function recipe(name: string, run: string, more: Partial<RecipeInput> = {}): Recipe {
  return defineRecipe({ ...about, name, phases: [{ name: 'install', run }], ...more });
}

/** The smallest system: a shell and a few programs of this machine with their libraries. */
const tools = recipe(
  'tools',
  `for program in sh cat chmod env ln ls mkdir rm; do
  install -D "$(command -v $program)" "$DESTDIR/usr/bin/$program"
  for library in $(ldd "$DESTDIR/usr/bin/$program" | grep -o '/[^ ]*'); do install -D "$library" "$DESTDIR$library"; done
done
mkdir -p "$DESTDIR/etc"
echo root:x:0:0:Composed:/root:/bin/sh > "$DESTDIR/etc/passwd"`,
  { root: 'host' },
);

function registryOf(...recipes: Recipe[]): Registry {
  return defineRegistry({ name: 'test', root: 'composed', base: ['tools'] }, [tools, ...recipes]);
}

const common = (): Pick<BuildOptions, 'store' | 'lock' | 'fetch'> => ({
  store,
  lock: { lockVersion: 1, sources: {} },
  fetch: () => Promise.reject(new Error('no sources here')),
});

function buildAll(registry: Registry, ...targets: string[]): Promise<BuildResult> {
  return build(makePlan(registry, targets), common());
}

async function inLayer({ actions }: BuildResult, name: string, path: string): Promise<string> {
  return readFile(join(store.layerRoot(actions.get(name)?.layer ?? ''), path), 'utf8');
}

async function pathsOf({ actions }: BuildResult, name: string): Promise<string[]> {
  return (await store.readManifest(actions.get(name)?.layer ?? '')).map(({ path, type }) => `${type} ${path}`);
}

test('composed: what is installed to / is the layer, and nothing that the sandbox put there is', async () => {
  const hello = recipe('hello', 'mkdir -p /usr/share; echo hi > /usr/share/hello; echo scratch > /tmp/scratch');
  const result = await buildAll(registryOf(hello), 'hello');
  expect(await inLayer(result, 'hello', 'usr/share/hello')).toBe('hi\n');
  expect(await pathsOf(result, 'hello')).toEqual(['dir usr', 'dir usr/share', 'file usr/share/hello']);
});

test('tests can open terminals, whoever runs them; what is built cannot', async () => {
  const program = `\
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
int main(void) {
  int manager = posix_openpt(O_RDWR);
  return manager < 0 || grantpt(manager) || unlockpt(manager) || open(ptsname(manager), O_RDWR) < 0;
}
`;
  const terminal = recipe('terminal', 'cc -o terminal "$FILES/terminal.c"\n! ./terminal', {
    root: 'host',
    files: { 'terminal.c': program },
    tests: { run: './terminal\nchroot --userspec=nobody:nogroup / "$PWD/terminal"' },
  });
  const registry = registryOf(terminal);
  const { built } = await build(makePlan(registry, ['terminal'], 'targets'), common());
  expect(built).toEqual(['terminal', 'terminal-tests']);
});

test('tests can talk to themselves over the loopback interface; what is built cannot', async () => {
  const program = `\
#include <arpa/inet.h>
#include <sys/socket.h>
int main(void) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
  return bind(server, (void *)&address, length) || listen(server, 1) || getsockname(server, (void *)&address, &length)
    || connect(client, (void *)&address, length);
}
`;
  const talk = recipe('talk', 'cc -o talk "$FILES/talk.c"\n! ./talk', {
    root: 'host',
    files: { 'talk.c': program },
    tests: { run: './talk' },
  });
  const { built } = await build(makePlan(registryOf(talk), ['talk'], 'targets'), common());
  expect(built).toEqual(['talk', 'talk-tests']);
});

test('composed: two steps that made the same layer lie below a third', async () => {
  const same = (name: string): Recipe => recipe(name, 'mkdir -p /usr/share; echo same > /usr/share/same');
  const other = recipe('b-other', 'mkdir -p /usr/share; echo other > /usr/share/same');
  const look = recipe('look', 'mkdir -p /out; cat /usr/share/same > /out/seen', { needs: ['a-same', 'b-other', 'c-same'] });
  const result = await buildAll(registryOf(same('a-same'), other, same('c-same'), look), 'look');
  expect(result.actions.get('a-same')?.layer).toBe(result.actions.get('c-same')?.layer);
  expect(await inLayer(result, 'look', 'out/seen')).toBe('same\n');
});

test('composed: only the inputs are there, nothing of this machine', async () => {
  const look = recipe('look', 'mkdir -p /out; ls / > /out/top; ls /usr/bin > /out/programs; cat /etc/passwd > /out/passwd');
  const result = await buildAll(registryOf(look), 'look');
  expect((await inLayer(result, 'look', 'out/programs')).trim().split('\n')).toEqual(
    ['sh', 'cat', 'chmod', 'env', 'ln', 'ls', 'mkdir', 'rm'].sort(),
  );
  expect(await inLayer(result, 'look', 'out/passwd')).toBe('root:x:0:0:Composed:/root:/bin/sh\n');
  const top = (await inLayer(result, 'look', 'out/top')).trim().split('\n');
  const ours = ['build', 'dev', 'etc', 'files', 'lib', 'lib64', 'out', 'proc', 'run', 'tmp', 'usr'];
  expect(top.filter((name) => !ours.includes(name))).toEqual([]);
});

test('composed: neither DESTDIR nor the variables of a cross build are set', async () => {
  const look = recipe('look', 'mkdir /out; env > /out/env');
  const env = await inLayer(await buildAll(registryOf(look), 'look'), 'look', 'out/env');
  expect(env).not.toMatch(/^(DESTDIR|CPATH|LIBRARY_PATH|PKG_CONFIG_\w+|LFS\w*)=/m);
  expect(env).toMatch(/^PATH=\/usr\/bin:\/usr\/sbin$/m);
});

test('composed: a removed file is gone for those behind, and only for them', async () => {
  const file = recipe('file', 'mkdir -p /opt; echo one > /opt/one; echo two > /opt/two');
  const less = recipe('less', 'rm /opt/one', { needs: ['file'] });
  const both = recipe('both', 'mkdir /out; ls /opt > /out/list', { needs: ['less'] });
  const result = await buildAll(registryOf(file, less, both), 'both');
  expect(await pathsOf(result, 'less')).toEqual(['dir opt', 'removed opt/one']);
  expect(await inLayer(result, 'both', 'out/list')).toBe('two\n');
  expect(await inLayer(result, 'file', 'opt/one')).toBe('one\n');
});

test('composed: a shell in the sandbox of a step', async () => {
  const registry = registryOf(recipe('hello', 'mkdir /out'));
  await buildAll(registry, 'tools');
  const command = ['sh', '-c', 'test -x /usr/bin/cat && test ! -e /usr/bin/install && exit 7'];
  expect(await openShell(makePlan(registry, ['hello']), 'hello', { ...common(), command })).toBe(7);
});

test('cross: installs below $LFS, where its own tools come first, and sees the programs of this machine', async () => {
  const tool = recipe(
    'tool',
    'mkdir -p "$LFS/tools/bin"; printf "#!/bin/sh\\necho mine\\n" > "$LFS/tools/bin/awk"; chmod 755 "$LFS/tools/bin/awk"',
    { root: 'cross' },
  );
  const user = recipe('user', 'mkdir "$LFS/usr"; awk > "$LFS/usr/which"; env > "$LFS/usr/env"; sed --version > /dev/null', {
    root: 'cross',
    needs: ['tool'],
  });
  const result = await buildAll(registryOf(tool, user), 'user');
  expect(await inLayer(result, 'user', 'usr/which')).toBe('mine\n');
  const env = await inLayer(result, 'user', 'usr/env');
  expect(env).not.toMatch(/^(DESTDIR|CPATH|LIBRARY_PATH)=/m);
  expect(env).toMatch(/^LFS_TGT=\w+-lfs-linux-gnu$/m);
  expect(await pathsOf(result, 'user')).toEqual(['dir usr', 'file usr/env', 'file usr/which']);
});
