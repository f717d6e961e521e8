import type { Severity } from '../problem.ts';
import type { Diagnostic } from './diagnostic.ts';
import { RULES, type RuleCode } from './rules.ts';

/** A file's findings. */
export interface FileReport {
  /** Path or URI, as it shall show up in the report. */
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = { error: 'error', warning: 'warning', note: 'note' };

/** The reports as one SARIF 2.1.0 log, for code scanning services and editors. */
export function toSarif(reports: readonly FileReport[]): object {
  const codes = Object.keys(RULES) as RuleCode[];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'xlfs xl check', informationUri: 'https://github.com/xlfs/xlfs', rules: codes.map(rule) } },
        columnKind: 'utf16CodeUnits',
        results: reports.flatMap(({ file, diagnostics }) => diagnostics.map((diagnostic) => result(file, diagnostic, codes))),
      },
    ],
  };
}

function rule(id: RuleCode): object {
  const { severity, summary, explanation } = RULES[id];
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: explanation },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function result(
  file: string,
  { code, severity, message, hint, start, end, fix }: Diagnostic,
  codes: readonly RuleCode[],
): object {
  const artifactLocation = { uri: encodeURI(file).replace(/[?#]/g, encodeURIComponent) };
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: hint === undefined ? message : `${message}. ${hint}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation,
          region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
        },
      },
    ],
    ...(fix === undefined
      ? {}
      : {
          fixes: [
            {
              description: { text: fix.title },
              artifactChanges: [
                {
                  artifactLocation,
                  replacements: fix.edits.map((edit) => ({
                    deletedRegion: { charOffset: edit.start, charLength: edit.end - edit.start },
                    insertedContent: { text: edit.text },
                  })),
                },
              ],
            },
          ],
        }),
  };
}
