import { KernelConfigError, placeOf, type Position } from '../errors.ts';
import type { Dialect } from './dialect.ts';
import type { Macros } from './macros.ts';

/** What a token is. Keywords and punctuation are their own kind. */
export type TokenKind = string;

/** The text of one opened Kconfig file, and how far it has been read. */
interface OpenFile {
  readonly name: string;
  readonly text: string;
  offset: number;
  line: number;
  lineStart: number;
  /** The `source` statement that opened it. */
  readonly openedAt: Position | undefined;
}

const WORD = 1;
const BLANK = 2;
const classOf = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-')
  classOf[character.charCodeAt(0)] = WORD;
for (const character of ' \t') classOf[character.charCodeAt(0)] = BLANK;

const NEWLINE = 10;
const DOLLAR = 36;
const BACKSLASH = 92;
const TAB_STOP = 8;

/** The words that are not symbols. */
export function keywordsOf(dialect: Dialect, relativeSource: boolean): ReadonlySet<string> {
  return new Set([
    'bool',
    'choice',
    'comment',
    'config',
    'def_bool',
    'def_tristate',
    'default',
    'depends',
    'endchoice',
    'endif',
    'endmenu',
    'help',
    'hex',
    'if',
    'imply',
    'int',
    'mainmenu',
    'menu',
    'menuconfig',
    'modules',
    'on',
    'prompt',
    'range',
    'select',
    'source',
    'string',
    'tristate',
    'visible',
    ...(dialect.modalChoices ? ['optional'] : []),
    ...(dialect.options ? ['option'] : []),
    ...(dialect.ancient ? ['requires', 'boolean', 'def_boolean', 'enable'] : []),
    ...(dialect.transitional ? ['transitional'] : []),
    ...(relativeSource ? ['rsource', 'osource', 'orsource'] : []),
  ]);
}

export interface LexerOptions {
  readonly macros: Macros;
  readonly keywords: ReadonlySet<string>;
  /** Punctuation and keywords of before Linux 4.18: `$` is not special. */
  readonly hasMacros: boolean;
  readonly looseWords: boolean;
  /** Characters that mean nothing are passed over without a warning. */
  readonly ignoresUnknown: boolean;
  /** Opening a file for the second time is an error. */
  readonly sourceOnce: boolean;
  readonly warn: (message: string, position: Position) => void;
}

/**
 * Cuts Kconfig text into tokens, one logical line after the other, following `source` from file to file.
 *
 * Text is Latin-1: each character is one byte of the file, whatever its encoding.
 */
export class Lexer {
  /** The current token. */
  kind: TokenKind = 'eol';
  text = '';
  /** Where the current statement began. */
  statement: Position = { file: '', line: 0, column: 0 };
  /** Names of all files read so far, in order of opening. */
  readonly files = new Set<string>();

  /** Where each file was opened first. */
  private readonly openings = new Map<string, Position>();
  private readonly options: LexerOptions;
  private readonly stack: OpenFile[] = [];
  private file: OpenFile = { name: '', text: '', offset: 0, line: 0, lineStart: 0, openedAt: undefined };
  private tokenColumn = 1;
  private tokenLine = 1;
  private tokenFile = '';
  private peeked = false;

  constructor(options: LexerOptions) {
    this.options = options;
  }

  /** Reads on in `text` until its end, then where the current file was left. */
  open(name: string, text: string): void {
    const openedAt = this.file.name === '' ? undefined : this.statement;
    if (this.file.name !== '') this.stack.push(this.file);
    const recursive = this.stack.some((file) => file.name === name);
    this.files.add(name);
    this.file = { name, text, offset: 0, line: 1, lineStart: 0, openedAt };
    if (recursive) {
      throw new KernelConfigError('KCONFIG_INCLUDE_LOOP', `recursive inclusion of ${name}`, {
        ...(openedAt === undefined ? {} : { position: openedAt }),
        includedFrom: this.includedFrom(),
        hint: 'A file must not source itself, directly or through others.',
      });
    }
    const first = this.openings.get(name);
    if (first !== undefined && openedAt !== undefined && this.options.sourceOnce) {
      const note = `${placeOf(first)}: note: location of first inclusion of ${name}`;
      throw new KernelConfigError('KCONFIG_SEMANTICS', `repeated inclusion of ${name}\n${note}`, { position: openedAt });
    }
    if (openedAt !== undefined) this.openings.set(name, first ?? openedAt);
  }

  /** The place of the current token. */
  get position(): Position {
    return { file: this.tokenFile, line: this.tokenLine, column: this.tokenColumn };
  }

  get fileName(): string {
    return this.file.name;
  }

  get line(): number {
    return this.file.line;
  }

  /** The `source` statements that led here, innermost first. */
  includedFrom(): Position[] {
    return [this.file, ...[...this.stack].reverse()].flatMap((file) => (file.openedAt === undefined ? [] : [file.openedAt]));
  }

  error(code: 'KCONFIG_SYNTAX' | 'KCONFIG_MACRO', message: string): KernelConfigError {
    return new KernelConfigError(code, message, { position: this.position, includedFrom: this.includedFrom() });
  }

  /** Reads the next token into `kind` and `text`. Empty lines are skipped; each statement ends with one `eol`. */
  next(): TokenKind {
    if (this.peeked) {
      this.peeked = false;
      return this.kind;
    }
    const atStart = this.kind === 'eol';
    do this.kind = this.scan();
    while (atStart && this.kind === 'eol');
    if (atStart) this.statement = this.position;
    return this.kind;
  }

  /** At the end of a statement: the first token of the following one, which the next `next()` gives again. */
  peekStatement(): TokenKind {
    this.next();
    this.peeked = true;
    return this.kind;
  }

  /** Skips to the end of the current statement. */
  skipStatement(): void {
    while (this.kind !== 'eol' && this.kind !== 'eof') this.next();
  }

  /** The rest of the line as it stands, for a macro definition. Leaves the lexer at the end of the line. */
  restOfLine(): string {
    const { text, offset } = this.file;
    let end = text.indexOf('\n', offset);
    if (end < 0) end = text.length;
    let start = offset;
    while (start < end && classOf[text.charCodeAt(start)] === BLANK) start++;
    this.file.offset = end;
    this.next();
    return text.slice(start, end);
  }

  /**
   * A help text: all following lines that are indented at least as much as the first, and empty ones.
   * Tabs reach to multiples of eight columns; trailing blanks go.
   */
  helpText(): string {
    const file = this.file;
    const { text } = file;
    let help = '';
    let firstIndent = 0;
    let atFirst = true;
    while (file.offset < text.length) {
      let end = text.indexOf('\n', file.offset);
      if (end < 0) end = text.length;
      let indent = 0;
      let start = file.offset;
      for (; start < end; start++) {
        const code = text.charCodeAt(start);
        if (code === 9) indent = (indent & ~(TAB_STOP - 1)) + TAB_STOP;
        else if (code === 32) indent++;
        else break;
      }
      if (start < end) {
        // A line at the margin belongs to the help text only as its very first line.
        if (indent < firstIndent || (indent === 0 && !atFirst)) break;
        let stop = end;
        while (classOf[text.charCodeAt(stop - 1)] === BLANK) stop--;
        help += (firstIndent === 0 ? '' : ' '.repeat(indent - firstIndent)) + text.slice(start, stop);
        if (firstIndent === 0) firstIndent = indent;
      }
      atFirst = false;
      file.offset = Math.min(end + 1, text.length);
      if (end < text.length) file.line++;
      file.lineStart = file.offset;
      const following = text.charCodeAt(file.offset);
      if (!Number.isNaN(following) && following !== NEWLINE && classOf[following] !== BLANK) break;
      if (end < text.length) help += '\n';
    }
    this.kind = 'eol';
    return help;
  }

  private scan(): TokenKind {
    const file = this.file;
    const { text } = file;
    for (;;) {
      const code = text.charCodeAt(file.offset);
      this.tokenColumn = file.offset - file.lineStart + 1;
      this.tokenLine = file.line;
      this.tokenFile = file.name;
      if (Number.isNaN(code)) return this.endOfFile();
      if (classOf[code] === BLANK) file.offset++;
      else if (code === NEWLINE) {
        file.offset++;
        file.line++;
        file.lineStart = file.offset;
        return 'eol';
      } else if (classOf[code] === WORD || (code === DOLLAR && this.options.hasMacros)) {
        const kind = this.word();
        if (kind !== undefined) return kind;
      } else if (code === 35) {
        const end = text.indexOf('\n', file.offset);
        file.offset = end < 0 ? text.length : end;
      } else if (code === BACKSLASH && text.charCodeAt(file.offset + 1) === NEWLINE) {
        file.offset += 2;
        file.line++;
        file.lineStart = file.offset;
      } else if (code === 34 || code === 39) return this.quoted(code);
      else {
        const two = text.slice(file.offset, file.offset + 2);
        if (two === '||' || two === '&&' || two === '!=' || two === '<=' || two === '>=' || two === ':=' || two === '+=') {
          file.offset += 2;
          return two;
        }
        const one = two[0]!;
        file.offset++;
        if ('=<>!()'.includes(one)) return one;
        if (one !== '\r' && !this.options.ignoresUnknown)
          this.options.warn(`ignoring unsupported character '${one}'`, this.position);
      }
    }
  }

  private endOfFile(): TokenKind {
    if (this.kind !== 'eol') {
      this.options.warn('no new line at end of file', this.position);
    }
    const upper = this.stack.pop();
    if (upper === undefined) return this.kind === 'eol' ? 'eof' : 'eol';
    this.file = upper;
    return 'eol';
  }

  private word(): TokenKind | undefined {
    const file = this.file;
    const { text } = file;
    const start = file.offset;
    let end = start;
    const loose = this.options.looseWords && this.kind !== 'eol';
    while (classOf[text.charCodeAt(end)] === WORD || (loose && (text[end] === '/' || text[end] === '.'))) end++;
    if (text.charCodeAt(end) === DOLLAR && this.options.hasMacros) {
      let lineEnd = text.indexOf('\n', start);
      if (lineEnd < 0) lineEnd = text.length;
      const { value, rest } = this.options.macros.expandToken(text.slice(start, lineEnd));
      file.offset = lineEnd - rest;
      if (value === '') return undefined;
      this.text = value;
      return 'word';
    }
    file.offset = end;
    this.text = text.slice(start, end);
    if (loose && this.text !== 'if' && this.text !== 'on') return 'word';
    if (this.options.keywords.has(this.text)) return this.text;
    return this.options.looseWords && this.text === '---help---' ? 'help' : 'word';
  }

  private quoted(quote: number): TokenKind {
    const file = this.file;
    const { text } = file;
    let offset = file.offset + 1;
    let start = offset;
    let value = '';
    for (;;) {
      const code = text.charCodeAt(offset);
      if (code === quote) {
        value += text.slice(start, offset);
        file.offset = offset + 1;
        break;
      }
      if (Number.isNaN(code) || code === NEWLINE) {
        value += text.slice(start, offset);
        file.offset = offset;
        if (code === NEWLINE) this.options.warn('multi-line strings not supported', this.position);
        break;
      }
      if (code === BACKSLASH) {
        value += text.slice(start, offset);
        // A backslash at the end of a line is dropped, the line end stays.
        offset++;
        start = offset;
        if (text.charCodeAt(offset) !== NEWLINE && offset < text.length) offset++;
      } else if (code === DOLLAR && this.options.hasMacros) {
        value += text.slice(start, offset);
        let lineEnd = text.indexOf('\n', offset);
        if (lineEnd < 0) lineEnd = text.length;
        const reference = this.options.macros.expandReference(text.slice(offset + 1, lineEnd));
        value += reference.value;
        offset = lineEnd - reference.rest;
        start = offset;
      } else offset++;
    }
    this.text = value;
    return 'quoted';
  }
}
