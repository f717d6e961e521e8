import { interpret } from '../../src/meaning/interpret.ts';
import { lint } from '../../src/lint/lint.ts';
import { parseDocument } from '../../src/grammar/parser.ts';
import { settingsOf } from '../../src/grammar/settings.ts';
import { difference } from '../oracle/compare.ts';
import { randomDomain } from '../oracle/domains.ts';
import { mutate, Random } from '../oracle/random.ts';
import { configText, PIECES } from '../oracle/texts.ts';
import { RELEASE, xlCreate } from '../oracle/xl.ts';
import { libxlutil } from '../oracle/xlu.ts';

/**
 * The long run: a million fuzzed inputs each for the grammar (against libxlutil) and for the linter (no crash, no hang),
 * and many domains against the real xl. `npm run campaign -- [inputs] [seed] [grammar|fuzz|domains]`; results go into docs/proof.md.
 */
const INPUTS = Number(process.argv[2] ?? 1_000_000);
const SEED = Number(process.argv[3] ?? 1);
const BATCH = 50_000;

function report(what: string, facts: Record<string, unknown>): void {
  process.stdout.write(`${what}: ${JSON.stringify(facts)}\n`);
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

/** Verdict and JSON of the real xl. */
function domains(): void {
  const random = new Random(SEED + 2);
  const count = Math.ceil(INPUTS / 25);
  let differing = 0;
  for (let done = 0; done < count; done += 2000) {
    const texts = Array.from({ length: Math.min(2000, count - done) }, () => randomDomain(random));
    for (const [index, answer] of xlCreate(texts).entries()) {
      const found = difference(texts[index] as string, answer, RELEASE, `/usr/lib/xen-${RELEASE}/boot`);
      if (found === undefined) continue;
      differing++;
      report('domain differs', {
        text: texts[index],
        messages: answer.messages,
        theirs: found.theirs.accepted,
        ours: found.ours.accepted,
      });
    }
  }
  report(`domains against xl ${RELEASE}`, { inputs: count, differing });
}

const STAGES: Readonly<Record<string, () => void>> = { grammar, fuzz, domains };
for (const [name, stage] of Object.entries(STAGES)) if ((process.argv[4] ?? name) === name) stage();
