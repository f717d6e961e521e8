import { expect, test } from 'vitest';
import { difference } from './oracle/compare.ts';
import { unlikeComplaints } from './oracle/complaints.ts';
import { everyValue, randomDomain, VALUES } from './oracle/domains.ts';
import { Random } from './oracle/random.ts';
import { RELEASE, xlCreate } from './oracle/xl.ts';
import { KEY_NAMES } from '../src/schema/schema.ts';

const FIRMWARE = `/usr/lib/xen-${RELEASE}/boot`;
const COUNT = Number(process.env['XL_CONFIG_DOMAINS'] ?? 2000);

/** Files on which the real xl and this package differ: in the verdict, in the JSON, or in what xl warns of and where. */
function disagreements(texts: readonly string[]): unknown[] {
  return xlCreate(texts).flatMap((answer, index) => {
    const text = texts[index] as string;
    const found = difference(text, answer, RELEASE, FIRMWARE) ?? unlikeComplaints(text, answer, RELEASE);
    return found === undefined ? [] : [{ text, messages: answer.messages, ...found }];
  });
}

test('every key has values to try', () => {
  expect([...VALUES.keys(), 'name'].sort()).toEqual([...KEY_NAMES].sort());
});

test('every value of every key: the verdict, the JSON and the warnings of the real xl', { timeout: 300_000 }, () => {
  expect(disagreements(everyValue())).toEqual([]);
});

test(`${COUNT} guests with keys and mutations at random: the same`, { timeout: 900_000 }, () => {
  const random = new Random(17);
  expect(disagreements(Array.from({ length: COUNT }, () => randomDomain(random)))).toEqual([]);
});
