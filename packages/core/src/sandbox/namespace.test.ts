import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const MODULE = new URL('./namespace.ts', import.meta.url).href;

test('what the caller of our process left open does not get inside', () => {
  const program = `
    const { spawnAsNamespaceRoot } = await import(${JSON.stringify(MODULE)});
    await spawnAsNamespaceRoot(['sh', '-c', 'for fd in 2 77; do test ! -e /proc/$$/fd/$fd || echo $fd; done'], { stdio: ['ignore', 'inherit', 'inherit'] });`;
  const run = ['exec 77</dev/null; exec "$0" --input-type=module -e "$1"', process.execPath, program];
  const open = execFileSync('bash', ['-c', ...run], { encoding: 'utf8' });
  expect(open).toBe('2\n');
});
