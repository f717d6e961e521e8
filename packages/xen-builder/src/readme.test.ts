import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = [...readFileSync(new URL('../README.md', import.meta.url), 'utf8').matchAll(/```ts\n([^]*?)```/g)].map(
  (match) => match[1] ?? '',
);

test.each(examples.map((code) => [code.split('\n')[0] ?? '', code] as const))('the example of the README runs: %s', (_, code) => {
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
  for (const [, expected = ''] of code.matchAll(/^\/\/ (.+)$/gm)) expect(printed.trim()).toBe(expected);
  expect(printed).not.toBe('');
});
