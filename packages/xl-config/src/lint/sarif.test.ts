import { expect, test } from 'vitest';
import { lint } from './lint.ts';
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
