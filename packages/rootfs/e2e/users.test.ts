import { expect, it } from 'vitest';
import { runAsOrdinaryUser } from './ordinary-user.ts';

it('an ordinary user gets every owner, mode, link and attribute back, makes all images, and forks', { timeout: 180_000 }, () => {
  expect(runAsOrdinaryUser('packages/rootfs/e2e/as-ordinary-user.script.ts')).toBe('done\n');
});
