import { expect, test } from 'vitest';
import { XlConfigError } from '../src/errors.ts';
import { configFromJson, configToJson } from '../src/convert/json.ts';
import { fromLibvirt } from '../src/convert/libvirt/from.ts';
import { toLibvirt } from '../src/convert/libvirt/to.ts';
import { drift, isDrift } from '../src/drift/drift.ts';
import { format } from '../src/format/format.ts';
import { parseDocument } from '../src/grammar/parser.ts';
import { settingsOf } from '../src/grammar/settings.ts';
import { interpret, parse, toLibxlJson } from '../src/meaning/interpret.ts';
import { stringifyLibxl } from '../src/libxl/json.ts';
import { fix } from '../src/lint/lint.ts';
import { write } from '../src/write/write.ts';
import { difference } from './oracle/compare.ts';
import { everyValue, randomDomain } from './oracle/domains.ts';
import { Random } from './oracle/random.ts';
import { configText } from './oracle/texts.ts';
import { RELEASE, xlCreate } from './oracle/xl.ts';

const COUNT = Number(process.env['XL_CONFIG_DOMAINS'] ?? 1000);
const RELEASES = ['4.17', '4.18', '4.19', '4.20', '4.21', '4.22', 'master'];

function texts(seed: number): string[] {
  const random = new Random(seed);
  return [...everyValue(), ...Array.from({ length: COUNT }, () => randomDomain(random))];
}

/** The text written anew; nothing for what only 4.17 could read (white space around values of p9). */
function writable(text: string, xen = RELEASE): string[] {
  try {
    return [write(parse(text, { xen }))];
  } catch (error) {
    if (error instanceof XlConfigError && error.code === 'NOT_WRITABLE') return [];
    throw error;
  }
}

test('what is parsed and written again has the same libxl JSON, for each release', { timeout: 300_000 }, () => {
  const random = new Random(3);
  for (const text of texts(23)) {
    const xen = random.pick(RELEASES);
    if (!interpret(text, { xen }).accepted || writable(text, xen).length === 0) continue;
    const config = parse(text, { xen });
    const written = write(config);
    expect({ text, json: stringifyLibxl(toLibxlJson(written, { xen })) }).toEqual({
      text,
      json: stringifyLibxl(toLibxlJson(text, { xen })),
    });
    expect({ text, json: stringifyLibxl(toLibxlJson(config, { xen })) }).toEqual({
      text,
      json: stringifyLibxl(toLibxlJson(text, { xen })),
    });
    expect(parse(written, { xen })).toEqual(config);
  }
});

test('the real xl reads what is written as this package means it', { timeout: 600_000 }, () => {
  const accepted = texts(29).filter((text, index) => index % 10 === 0 && interpret(text, { xen: RELEASE }).accepted);
  const written = accepted.flatMap((text) => writable(text));
  expect(written.length).toBeGreaterThan(accepted.length * 0.98);
  const wrong = xlCreate(written).flatMap((answer, index) => {
    const text = written[index] as string;
    const found = answer.status === 0 ? difference(text, answer, RELEASE, `/usr/lib/xen-${RELEASE}/boot`) : answer;
    return found === undefined ? [] : [{ text, found }];
  });
  expect(wrong).toEqual([]);
});

test('a configuration survives JSON', { timeout: 300_000 }, () => {
  for (const text of texts(31)) {
    if (!interpret(text, { xen: 'master' }).accepted) continue;
    const config = parse(text, { xen: 'master' });
    expect(configFromJson(JSON.parse(JSON.stringify(configToJson(config))))).toEqual(config);
  }
});

test(
  'what libvirt XML does not carry is told: a guest that comes back without losses means the same',
  { timeout: 300_000 },
  () => {
    let whole = 0;
    for (const text of texts(47)) {
      if (!interpret(text, { xen: 'master' }).accepted) continue;
      const config = parse(text, { xen: 'master' });
      const { result, losses } = toLibvirt(config);
      const back = fromLibvirt(result);
      if (losses.length + back.losses.length > 0) continue;
      whole++;
      const differences = drift(config, toLibxlJson(back.result, { xen: 'master' }), { xen: 'master' }).filter(isDrift);
      // A switch that is off anyway may be gone.
      expect({ text, lost: differences.filter(({ kind, file }) => kind !== 'missing' || file !== 'False') }).toEqual({
        text,
        lost: [],
      });
    }
    expect(whole).toBeGreaterThan(1000);
  },
);

test('formatting and fixing keep the settings of every file that xl can read', { timeout: 300_000 }, () => {
  const random = new Random(37);
  for (const text of [...texts(41), ...Array.from({ length: COUNT }, () => configText(random))]) {
    const document = parseDocument(text);
    if (document.problems.length > 0) continue;
    const formatted = format(text);
    const values = (source: string): unknown =>
      [...settingsOf(parseDocument(source)).values()].map(({ name, value, added }) => [name, value, added]);
    expect({ text, values: values(formatted) }).toEqual({ text, values: values(text) });
    expect({ text, again: format(formatted) }).toEqual({ text, again: formatted });
    if (!interpret(text).accepted) continue;
    expect({ text, json: stringifyLibxl(toLibxlJson(fix(text).text)) }).toEqual({
      text,
      json: stringifyLibxl(toLibxlJson(text)),
    });
  }
});

test('tokens put together give the text back, whatever the text is', () => {
  const random = new Random(43);
  for (let index = 0; index < COUNT; index++) {
    const text = configText(random);
    const { tokens } = parseDocument(text);
    expect(tokens.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
  }
});
