import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const UID = '54322';

/**
 * Run a script of this package as an ordinary user with subordinate ids: as whoever runs the tests, or, for root, as a user that exists in a
 * mount namespace of its own only. Returns what it printed; throws with what it complained about.
 */
export function runAsOrdinaryUser(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'xlfs-user-'));
  try {
    if (process.getuid?.() !== 0)
      return finish(
        spawnSync(process.execPath, [join(REPOSITORY, script), folder], {
          encoding: 'utf8',
          env: { ...process.env, NODE_NO_WARNINGS: '1' },
        }),
      );
    chmodSync(folder, 0o755);
    for (const name of ['repository', 'node', 'home']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'passwd'), `root:x:0:0:root:/root:/bin/sh\nguest:x:${UID}:${UID}::${folder}/home:/bin/sh\n`);
    writeFileSync(join(folder, 'group'), `root:x:0:\nguest:x:${UID}:\n`);
    for (const name of ['subuid', 'subgid']) writeFileSync(join(folder, name), 'guest:800000:200000\n');
    const steps = [
      `mount --bind ${REPOSITORY} ${folder}/repository`,
      `mount --bind ${dirname(process.execPath)} ${folder}/node`,
      ...['passwd', 'group', 'subuid', 'subgid'].map((name) => `mount --bind ${folder}/${name} /etc/${name}`),
      `chown ${UID}:${UID} ${folder}/home`,
      `exec setpriv --reuid ${UID} --regid ${UID} --clear-groups ${folder}/node/node ${folder}/repository/${script} ${folder}/home`,
    ];
    const env = {
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
      HOME: `${folder}/home`,
      NODE_NO_WARNINGS: '1',
      LC_ALL: 'C',
    };
    return finish(
      spawnSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-euc', steps.join('\n')], {
        encoding: 'utf8',
        env,
        cwd: '/',
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function finish({ status, stdout, stderr }: { status: number | null; stdout: string; stderr: string }): string {
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
  return stdout;
}
