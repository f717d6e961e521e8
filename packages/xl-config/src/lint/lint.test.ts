import { describe, expect, test } from 'vitest';
import { fix, lint } from './lint.ts';
import { CASES, HVM, PV } from './lint-cases.ts';
import { RULES, type RuleCode } from './rules.ts';

describe.each(Object.entries(CASES))('%s', (code, { text, fixed, options = {} }) => {
  test('is found in a text that breaks it, and not in a good one', () => {
    expect(lint(text, options).map((diagnostic) => diagnostic.code)).toContain(code);
    expect(lint(PV, { host: { hasFile: () => true, hasBridge: () => true } })).toEqual([]);
    expect(lint(text, { ...options, disable: [code as RuleCode] }).map((diagnostic) => diagnostic.code)).not.toContain(code);
  });

  test('is fixed where a fix is known', () => {
    const result = fix(text, { ...options, unsafe: true });
    expect(result.text).toBe(fixed ?? text);
    if (fixed !== undefined) expect(result.remaining.map((diagnostic) => diagnostic.code)).not.toContain(code);
  });
});

test('each rule says why it matters', () => {
  for (const { summary, explanation } of Object.values(RULES)) expect(`${summary} ${explanation}`.length).toBeGreaterThan(30);
});

test('a finding points at the item, with a caret', () => {
  const [finding] = lint(`${HVM}disk = [\n  "vdev=hda,target=/a",\n  "vdev=hda,target=/b",\n]\n`);
  expect(finding).toMatchObject({ code: 'disk-clash', key: 'disk', start: { line: 5, column: 3 }, end: { line: 5, column: 23 } });
  expect(finding?.excerpt).toBe('5 |   "vdev=hda,target=/b",\n  |   ^^^^^^^^^^^^^^^^^^^^');
});

test('keys of other tools are allowed by name or by pattern', () => {
  const text = `${PV}x_owner = "me"\n`;
  expect(lint(text, { extensions: ['x_owner'] })).toEqual([]);
  expect(lint(text, { extensions: /^x_/ })).toEqual([]);
});

test('a renamed key is left alone unless unsafe fixes are asked for', () => {
  expect(fix(`${PV}maxcpus = 4\n`).text).toContain('maxcpus');
});

test('a release decides which keys are known', () => {
  const text = `${HVM}smbios = ["oem=x"]\n`;
  expect(lint(text, { xen: '4.17' }).map(({ code }) => code)).toEqual(['newer-key']);
  expect(lint(text, { xen: '4.18' })).toEqual([]);
});

test('vif netdev becomes gatewaydev inside its string', () => {
  expect(fix(`${PV}vif = ["ip=10.0.0.2,netdev=eth0"]\n`).text).toBe(`${PV}vif = ["ip=10.0.0.2,gatewaydev=eth0"]\n`);
});
