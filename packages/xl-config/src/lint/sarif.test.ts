import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { expect, test } from 'vitest';
import { lint } from './lint.ts';
import { CASES } from './lint-cases.ts';
import { RULES } from './rules.ts';
import { toSarif } from './sarif.ts';

test('a log names every rule and places each finding, with its fix', () => {
  const log = toSarif([
    { file: 'guests/web server.cfg', diagnostics: lint('name = "g"\ntype = "pv"\nkernel = "/k"\nhap = True\n') },
  ]) as {
    version: string;
    runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
  };
  expect(log.version).toBe('2.1.0');
  expect(log.runs[0]?.tool.driver.rules.map(({ id }) => id)).toEqual(Object.keys(RULES));
  expect(log.runs[0]?.results).toMatchObject([
    {
      ruleId: 'syntax',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'guests/web%20server.cfg' },
            region: { startLine: 4, startColumn: 7, endColumn: 11 },
          },
        },
      ],
      fixes: [
        {
          artifactChanges: [
            { replacements: [{ deletedRegion: { charOffset: 43, charLength: 4 }, insertedContent: { text: '1' } }] },
          ],
        },
      ],
    },
  ]);
});

test('a log with findings of every rule follows the schema of SARIF 2.1.0', () => {
  const require = createRequire(import.meta.url);
  const ajv = new Ajv({ schemaId: 'auto', unknownFormats: 'ignore' });
  ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json') as object);
  const schema = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object);
  const log = toSarif(
    Object.entries(CASES).map(([code, { text, options }]) => ({
      file: `guests/${code} #1?.cfg`,
      diagnostics: lint(text, options),
    })),
  );
  expect(new Set(JSON.stringify(log).match(/(?<="ruleId":")[-a-z]+/g))).toEqual(new Set(Object.keys(RULES)));
  expect({ valid: schema(log), errors: schema.errors }).toEqual({ valid: true, errors: null });
  expect(JSON.stringify(log)).toContain('"uri":"guests/missing%20%231%3F.cfg"');
});
