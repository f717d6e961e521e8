import { parseDocument } from '../grammar/parser.ts';
import type { SettingValue } from '../grammar/settings.ts';
import { XlConfigError } from '../errors.ts';
import { applyEdits, removal, replace } from '../text/edits.ts';
import { specOf, type DomainConfig, type KeyName } from '../schema/schema.ts';
import { literal } from '../write/literal.ts';

/**
 * A text with one key set, removed (`undefined`) or added at the end, and everything else as it was: comments, layout,
 * order. Assignments that the new one makes pointless go.
 * @throws XlConfigError SYNTAX for a text that xl cannot read; NOT_WRITABLE for a value that xl.cfg cannot carry.
 */
export function setKey<K extends KeyName>(text: string, key: K, value: DomainConfig[K] | undefined): string {
  const document = parseDocument(text);
  if (document.problems.length > 0)
    throw new XlConfigError('SYNTAX', 'the text has syntax errors', { hint: 'Correct them first.' });
  const assignments = document.byName.get(key) ?? [];
  const last = assignments.at(-1);
  const before = assignments.slice(0, -1).map((assignment) => removal(document, assignment));
  if (value === undefined)
    return applyEdits(
      text,
      assignments.map((assignment) => removal(document, assignment)),
    );
  const { value: setting, bare = false } = (specOf(key) as NonNullable<ReturnType<typeof specOf>>).kind.write(value) as {
    value: SettingValue;
    bare?: boolean;
  };
  const written = literal(setting, { bare, column: key.length + 3 });
  if (last === undefined) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${key} = ${written}\n`;
  const operator = { start: last.nameSpan.end, end: last.value.start };
  const edits = last.operator === '=' ? [replace(last.value, written)] : [replace(operator, ' = '), replace(last.value, written)];
  return applyEdits(text, [...before, ...edits]);
}
