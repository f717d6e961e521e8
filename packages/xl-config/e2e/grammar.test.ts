import { expect, test } from 'vitest';
import { parseDocument } from '../src/grammar/parser.ts';
import { settingsOf } from '../src/grammar/settings.ts';
import { Random } from './oracle/random.ts';
import { configText } from './oracle/texts.ts';
import { libxlutil } from './oracle/xlu.ts';

const COUNT = Number(process.env['XL_CONFIG_INPUTS'] ?? 100_000);

/** Our reading in the oracle's form: settings by key, each as [name, 1 for +=, line, value]. */
function ours(text: string): unknown {
  const document = parseDocument(text);
  if (document.problems.length > 0) return null;
  return [...settingsOf(document).values()]
    .map(({ name, added, line, value }) => [name, added ? 1 : 0, line, value])
    .sort(byName);
}

/** libxlutil lists every assignment, the last one first; only the first of a name counts. */
function theirs(answer: unknown): unknown {
  if (answer === null) return null;
  const seen = new Map<string, unknown[]>();
  for (const setting of answer as [string, number, number, unknown][]) if (!seen.has(setting[0])) seen.set(setting[0], setting);
  return [...seen.values()].sort(byName);
}

function byName(a: unknown[], b: unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}

function compare(texts: readonly string[]): { accepted: number } {
  let accepted = 0;
  for (const [index, answer] of libxlutil('config', texts).entries()) {
    const text = texts[index] as string;
    const expected = JSON.stringify(theirs(answer));
    if (JSON.stringify(ours(text)) !== expected)
      expect({ text, settings: ours(text) }).toEqual({ text, settings: theirs(answer) });
    if (answer !== null) accepted++;
  }
  return { accepted };
}

test(`${COUNT} generated and mutated configurations: the verdict and the values of libxlutil`, { timeout: 600_000 }, () => {
  const random = new Random(5);
  const texts = Array.from({ length: COUNT }, () => configText(random));
  const { accepted } = compare(texts);
  // Both verdicts must be well represented, else the comparison says nothing.
  expect(accepted).toBeGreaterThan(COUNT / 5);
  expect(accepted).toBeLessThan((COUNT * 4) / 5);
});

test('lists nest as deep as bison lets them, and no deeper', () => {
  const shapes = [
    (n: number) => '['.repeat(n) + ']'.repeat(n),
    (n: number) => '[1,'.repeat(n) + ']'.repeat(n),
    (n: number) => '[1,2,'.repeat(n) + '3' + ']'.repeat(n),
    (n: number) => '[\n'.repeat(n) + ']'.repeat(n),
    (n: number) => `${'['.repeat(n)}1,2${']'.repeat(n)}`,
  ];
  const depths = [100, 1996, 1997, 1998, 1999, 2000, 2001, 4990, 4994, 4995, 4996, 4997, 4998, 4999, 5000, 20_000];
  const texts = shapes.flatMap((shape) => depths.map((depth) => `a=${shape(depth)}\n`));
  const verdicts = texts.map((text) => parseDocument(text).problems.length === 0);
  expect(verdicts).toEqual(libxlutil('config', texts).map((answer) => answer !== null));
});

test('every one- and two-byte text, and every byte inside a string, a comment and a list', () => {
  const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
  const frames = [
    (c: string) => c,
    (c: string) => `a="${c}"\n`,
    (c: string) => `a='x${c}y'\n`,
    (c: string) => `#${c}\n`,
    (c: string) => `a=[1,${c}2]\n`,
    (c: string) => `a=1${c}`,
    (c: string) => `a="\\${c}12"\n`,
    (c: string) => `a="\\1${c}2"\n`,
    (c: string) => `a="\\12${c}"`,
  ];
  compare(bytes.flatMap((byte) => frames.map((frame) => frame(byte))));
  compare(bytes.flatMap((first) => bytes.map((second) => first + second)));
});
