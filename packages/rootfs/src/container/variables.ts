import { fail, type Position, type RawExpression, type Statement } from './parse.ts';

export type Variables = Readonly<Record<string, string>>;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Domains that a container file describes: each is a set of values for its variables. */
export function domainsOf(statements: readonly Statement[]): string[] {
  return statements.flatMap((statement) =>
    statement.kind === 'expression' && statement.name === 'domain' ? [statement.words[0]?.text ?? ''] : [],
  );
}

/**
 * The statements for one domain: `[variables]` and `[domain]` are taken out, every `${name}` elsewhere has its value. The given values come
 * first, then the domain's, then the defaults of `[variables]`. `$${` stands for `${`.
 * @throws USAGE with file, line and column for a variable without a value, and a value that would end a line or a string.
 */
export function instantiate(
  statements: readonly Statement[],
  file: string,
  options: { readonly domain?: string; readonly variables?: Variables },
): Statement[] {
  const values = new Map<string, string>();
  const result: Statement[] = [];
  let known = options.domain === undefined;
  for (const statement of statements) {
    const definition = statement.kind === 'expression' && (statement.name === 'variables' || statement.name === 'domain');
    if (!definition) continue;
    const domain = statement.name === 'domain';
    const [first, ...rest] = statement.words;
    if (domain && first?.text !== options.domain) continue;
    known ||= domain;
    const pairs = pairsOf(domain ? rest : statement.words, statement, file);
    for (const [name, value] of pairs) if (domain || !values.has(name)) values.set(name, value);
    if (domain && options.domain !== undefined) values.set('domain', options.domain);
  }
  if (!known)
    throw fail(
      file,
      { line: 1, column: 1 },
      `there is no domain ${options.domain ?? ''} in it`,
      `There are: ${domainsOf(statements).join(', ') || 'none'}.`,
    );
  for (const [name, value] of Object.entries(options.variables ?? {}))
    values.set(name, checked(value, file, { line: 1, column: 1 }));
  const fill = (text: string, at: Position) => substitute(text, values, file, at);
  for (const statement of statements) {
    if (statement.kind === 'xl') result.push({ ...statement, text: fill(statement.text, statement) });
    else if (statement.name !== 'variables' && statement.name !== 'domain') {
      const words = statement.words.map((word) => ({ ...word, text: fill(word.text, word) }));
      result.push({ ...statement, words, text: statement.text === undefined ? undefined : fill(statement.text, statement) });
    }
  }
  return result;
}

function substitute(text: string, values: ReadonlyMap<string, string>, file: string, at: Position): string {
  return text.replace(/\$\$\{|\$\{([^}\n]*)\}/g, (match, name: string | undefined, offset: number) => {
    if (name === undefined) return '${';
    const before = text.slice(0, offset).split('\n');
    const here =
      before.length === 1
        ? { line: at.line, column: at.column + offset }
        : { line: at.line + before.length - 1, column: (before.at(-1)?.length ?? 0) + 1 };
    const value = values.get(name);
    if (value === undefined)
      throw fail(file, here, `${match} has no value`, `Give it one in [variables], or with --set ${name}=….`);
    return value;
  });
}

function pairsOf(words: RawExpression['words'], expression: RawExpression, file: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < words.length; index += 2) {
    const name = words[index];
    const value = words[index + 1];
    if (name === undefined || value === undefined)
      throw fail(file, name ?? expression, `[${expression.name}] takes names and values in pairs`);
    if (!NAME.test(name.text)) throw fail(file, name, `${name.text} cannot be the name of a variable`);
    pairs.push([name.text, checked(value.text, file, value)]);
  }
  return pairs;
}

/** A value ends no line, string or expression, wherever it is put. */
function checked(value: string, file: string, at: Position): string {
  if (/[\0-\x1f\x7f"'\\[\]]/.test(value))
    throw fail(file, at, `the value ${JSON.stringify(value)} has a character that cannot stand in a container file`);
  return value;
}
