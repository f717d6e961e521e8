import { XlConfigError } from '../errors.ts';
import { parseDocument } from '../grammar/parser.ts';
import type { Token } from '../grammar/token.ts';
import { excerpt, positionOf, type Document } from '../grammar/tree.ts';

const WIDTH = 100;

/**
 * The text in the usual layout: `key = value`, one statement a line, lists on one line or one item a line, single empty
 * lines. Comments stay where they belong, values as they are written.
 * @throws XlConfigError SYNTAX for a text that xl cannot read.
 */
export function format(text: string): string {
  const document = parseDocument(text);
  const problem = document.problems[0];
  if (problem !== undefined) {
    throw new XlConfigError('SYNTAX', `${problem.message}\n${excerpt(document, problem)}`, {
      position: positionOf(document, problem.start),
      hint: 'Correct the syntax first.',
    });
  }
  const lines = new Layout(document).lines();
  const compact = lines.filter((line, index) => line !== '' || (index > 0 && lines[index - 1] !== ''));
  while (compact.at(-1) === '') compact.pop();
  return compact.length === 0 ? '' : `${compact.join('\n')}\n`;
}

/** A list's item, with the comments above it and the one behind it. */
interface Item {
  readonly above: readonly string[];
  readonly value: Rendered;
  readonly behind: string;
}

/** A value's text on one line, when it can have one, and as lines. */
interface Rendered {
  readonly flat: string | undefined;
  readonly lines: (indent: string) => string[];
}

class Layout {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor({ text, tokens }: Document) {
    this.text = text;
    this.tokens = tokens.filter(({ kind }) => kind !== 'space' && kind !== 'overlooked');
  }

  lines(): string[] {
    const lines: string[] = [];
    while (this.kind() !== 'end') {
      if (this.kind() === ';') this.take();
      else if (this.kind() === 'newline') lines.push(this.comment());
      else lines.push(...this.assignment());
    }
    return lines;
  }

  private assignment(): string[] {
    const start = `${this.take()} ${this.take()} `;
    const value = this.value();
    const fits = value.flat !== undefined && start.length + value.flat.length <= WIDTH;
    const [first = '', ...rest] = fits ? [value.flat] : value.lines('');
    while (this.kind() === ';') this.take();
    const comment = this.kind() === 'newline' ? this.comment() : '';
    const lines = [start + first, ...rest];
    return comment === '' ? lines : [...lines.slice(0, -1), `${lines.at(-1) as string} ${comment}`];
  }

  private value(): Rendered {
    if (this.kind() !== '[') {
      const atom = this.take();
      return { flat: atom, lines: () => [atom] };
    }
    this.take();
    const { items, below } = this.items();
    this.take();
    const plain =
      below.length === 0 &&
      items.every(({ above, value, behind }) => above.length === 0 && behind === '' && value.flat !== undefined);
    return {
      flat: plain ? `[${items.map(({ value }) => value.flat as string).join(', ')}]` : undefined,
      lines: (indent) => {
        const inner = `${indent}  `;
        const block = items.flatMap(({ above, value, behind }) => {
          const fits = value.flat !== undefined && inner.length + value.flat.length < WIDTH;
          const lines = fits ? [value.flat] : value.lines(inner);
          const end = `${lines.at(-1) as string},${behind === '' ? '' : ` ${behind}`}`;
          return [...above.map((comment) => inner + comment), inner + [...lines.slice(0, -1), end].join('\n')];
        });
        return ['[', ...block, ...below.map((comment) => inner + comment), `${indent}]`];
      },
    };
  }

  private items(): { items: Item[]; below: string[] } {
    const items: Item[] = [];
    let above = this.comments();
    while (this.kind() !== ']') {
      const value = this.value();
      const ends = this.lineEnds();
      if (this.kind() === ',') {
        this.take();
        ends.push(...this.lineEnds());
      }
      // A comment on the item's line, before or after the comma, is its own; those below belong to the next one.
      const [behind = '', ...below] = ends;
      items.push({ above, value, behind });
      above = below.filter((comment) => comment !== '');
    }
    return { items, below: above };
  }

  /** Comments until the next value; bare newlines in lists are layout. */
  private comments(): string[] {
    return this.lineEnds().filter((comment) => comment !== '');
  }

  private lineEnds(): string[] {
    const found: string[] = [];
    while (this.kind() === 'newline') found.push(this.comment());
    return found;
  }

  private comment(): string {
    return this.take().trimEnd();
  }

  private kind(): Token['kind'] {
    return this.tokens[this.at]?.kind ?? 'end';
  }

  private take(): string {
    const token = this.tokens[this.at++];
    return token === undefined ? '' : this.text.slice(token.start, token.end);
  }
}
