import { parseArgs } from 'node:util';
import { interpret } from '../../src/meaning/interpret.ts';
import { lint } from '../../src/lint/lint.ts';
import { parseDocument } from '../../src/grammar/parser.ts';
import { settingsOf } from '../../src/grammar/settings.ts';
import { difference } from '../oracle/compare.ts';
import { unlikeComplaints } from '../oracle/complaints.ts';
import { everyValue, randomDomain } from '../oracle/domains.ts';
import { mutate, Random } from '../oracle/random.ts';
import { configText, PIECES } from '../oracle/texts.ts';
import { RELEASE, xlCreate } from '../oracle/xl.ts';
import { libxlutil } from '../oracle/xlu.ts';

/**
 * The long run: a million fuzzed inputs each for the grammar (against libxlutil) and for the linter (no crash, no hang),
 * and many domains against the real xl. `npm run campaign -- [inputs] [seed] [grammar|fuzz|domains]`; results go into docs/proof.md.
 * Another release's xl: `--xl PROGRAM --xen 4.21 --include DIR` (its libxl.h; its libraries by LD_LIBRARY_PATH), `--firmware DIR`.
 */
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    xl: { type: 'string' },
    xen: { type: 'string', default: RELEASE },
    include: { type: 'string' },
    firmware: { type: 'string' },
  },
});
const [inputs = '1000000', seed = '1', only] = positionals;
const INPUTS = Number(inputs);
const SEED = Number(seed);
const BATCH = 50_000;

function report(what: string, facts: Record<string, unknown>): void {
  const json = JSON.stringify(facts, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  process.stdout.write(`${what}: ${json}\n`);
}

/** Verdict and values of the grammar. */
function grammar(): void {
  const random = new Random(SEED);
  let [accepted, differing] = [0, 0];
  for (let done = 0; done < INPUTS; done += BATCH) {
    const texts = Array.from({ length: Math.min(BATCH, INPUTS - done) }, () => configText(random));
    for (const [index, answer] of libxlutil('config', texts).entries()) {
      const text = texts[index] as string;
      if (answer !== null) accepted++;
      if (ours(text) === theirs(answer as Row[] | null)) continue;
      differing++;
      report('grammar differs', { text });
    }
  }
  report('grammar against libxlutil', { inputs: INPUTS, accepted, differing });
}

type Row = [string, number, number, unknown];

function ours(text: string): string {
  const document = parseDocument(text);
  if (document.problems.length > 0) return 'null';
  return sorted(
    [...settingsOf(document).values()].map(({ name, added, line, value }): Row => [name, added ? 1 : 0, line, value]),
  );
}

function theirs(answer: Row[] | null): string {
  if (answer === null) return 'null';
  const seen = new Map<string, Row>();
  for (const row of answer) if (!seen.has(row[0])) seen.set(row[0], row);
  return sorted([...seen.values()]);
}

function sorted(rows: Row[]): string {
  return JSON.stringify(rows.sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}

/** No crash and no hang, whatever the bytes. */
function fuzz(): void {
  const random = new Random(SEED + 1);
  let [crashes, slowest, accepted] = [0, 0, 0];
  for (let done = 0; done < INPUTS; done++) {
    const base = random.chance(50) ? configText(random) : randomDomain(random);
    const text = random.chance(30) ? mutate(base, random, PIECES) : base;
    const start = performance.now();
    try {
      if (done % 4 === 0) lint(text);
      else if (interpret(text).accepted) accepted++;
    } catch (error) {
      crashes++;
      report('crash', { text, error: String(error) });
    }
    slowest = Math.max(slowest, performance.now() - start);
  }
  report('fuzzed reader and linter', { inputs: INPUTS, crashes, accepted, slowestMilliseconds: Math.round(slowest) });
}

/** Verdict, JSON and warnings of the real xl: every value of every key, then guests at random. */
function domains(): void {
  const { xl, xen, include, firmware = xl === undefined ? `/usr/lib/xen-${RELEASE}/boot` : '/usr/lib/xen/boot' } = options;
  const random = new Random(SEED + 2);
  const texts = [...everyValue(), ...Array.from({ length: Math.ceil(INPUTS / 25) }, () => randomDomain(random))];
  let differing = 0;
  for (let done = 0; done < texts.length; done += 2000) {
    const batch = texts.slice(done, done + 2000);
    for (const [index, answer] of xlCreate(batch, xl, include === undefined ? [] : [`-I${include}`]).entries()) {
      const text = batch[index] as string;
      const found = difference(text, answer, xen, firmware) ?? unlikeComplaints(text, answer, xen);
      if (found === undefined) continue;
      differing++;
      report('domain differs', { text, messages: answer.messages, ...found });
    }
  }
  report(`domains against xl ${xen}`, { inputs: texts.length, differing });
}

const STAGES: Readonly<Record<string, () => void>> = { grammar, fuzz, domains };
for (const [name, stage] of Object.entries(STAGES)) if ((only ?? name) === name) stage();
