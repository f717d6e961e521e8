import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const examples = [...readFileSync(new URL('../README.md', import.meta.url), 'utf8').matchAll(/```ts\n([^]*?)```/g)].map(
  ([, code = '']) => code,
);

it.each(examples)('an example of the README prints what it says (%#)', (code) => {
  const printed = execFileSync(process.execPath, ['--input-type=module-typescript', '--no-warnings', '-e', code], {
    cwd: folder,
    encoding: 'utf8',
    // The runner of the tests asks for colours, and console.log would obey.
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  const expected = [...code.matchAll(/^\/\/ (.*)$/gm)].map(([, line = '']) => line).at(-1);
  expect(printed.trim()).toBe(expected?.trim());
});
