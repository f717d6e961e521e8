import { expect, test } from 'vitest';
import { examplesOf } from './examples.ts';

test('a block is found with its language, marks, code and line', () => {
  expect(examplesOf('# Page\n\n```ts run\nconst a = 1;\n```\n')).toEqual([
    { language: 'ts', marks: ['run'], code: 'const a = 1;\n', line: 3 },
  ]);
});

test('a block inside a list loses the indentation of its fence and keeps its own', () => {
  expect(examplesOf('1. Do\n\n   ```sh\n   if true; then\n     ls\n   fi\n   ```\n')).toMatchObject([
    { code: 'if true; then\n  ls\nfi\n' },
  ]);
});

test('a longer fence may hold a shorter one, and a block that never closes is none', () => {
  expect(examplesOf('````md\n```ts run\n```\n````\n```ts run\nleft open\n')).toMatchObject([
    { language: 'md', code: '```ts run\n```\n' },
  ]);
});
