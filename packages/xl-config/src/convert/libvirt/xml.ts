import { XlConfigError } from '../../errors.ts';

/** An element with what is inside it; comments and processing instructions are left out. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Its own text, trimmed. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** More nesting than any domain has. */
const DEEPEST = 200;

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

const PIECE =
  /<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[([^]*?)\]\]>|<!DOCTYPE[^>]*>|<\/([^\s>]+)\s*>|<([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/**
 * Reads an XML document without a document type: elements, attributes, text, the five named entities. Linear in its size.
 * @throws XlConfigError CONVERT_INVALID when it is not well-formed.
 */
export function parseXml(text: string): Element {
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack: Open[] = [root];
  let at = 0;
  while (at < text.length) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(text);
    if (match === null || match[0].startsWith('<!DOCTYPE'))
      throw broken(text, at, match === null ? 'not well-formed' : 'document types are not read');
    take(stack, match, text, at);
    at += match[0].length;
  }
  const [element, ...more] = root.children;
  if (stack.length !== 1 || element === undefined || more.length > 0) throw broken(text, at, 'not one complete element');
  return element;
}

function take(stack: Open[], match: RegExpExecArray, text: string, at: number): void {
  const [, data, closing, opening, attributes = '', empty, characters] = match;
  const top = stack.at(-1) as Open;
  if (data !== undefined) top.text += data;
  else if (characters !== undefined) top.text += decode(characters);
  else if (closing !== undefined) {
    if (stack.length === 1 || closing !== top.name) throw broken(text, at, `</${closing}> closes nothing`);
    stack.pop();
    close(stack.at(-1) as Open, top);
  } else if (opening !== undefined) {
    const element: Open = { name: opening, attributes: attributesOf(attributes), children: [], text: '' };
    if (empty === '/') close(top, element);
    else if (stack.push(element) > DEEPEST) throw broken(text, at, 'nested too deeply');
  }
}

function close(parent: Open, { name, attributes, children, text }: Open): void {
  parent.children.push({ name, attributes, children, text: text.trim() });
}

function attributesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(found.map(([, name = '', double, single]) => [name, decode(double ?? single ?? '')]));
}

function decode(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g,
    (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = decimal === undefined ? parseInt(hex as string, 16) : Number(decimal);
      return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code);
    },
  );
}

function broken(text: string, at: number, why: string): XlConfigError {
  const line = text.slice(0, at).split('\n').length;
  return new XlConfigError('CONVERT_INVALID', `line ${line}: ${why}`, {
    hint: 'Pass what `virsh dumpxml` prints.',
    position: { line, column: at - text.lastIndexOf('\n', at - 1) },
  });
}

/** What an element is written from: a name, attributes that may be missing, and text or children. */
export interface Markup {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly content?: string | number | readonly (Markup | undefined)[];
}

export function formatXml({ name, attributes = {}, content }: Markup, indent = ''): string {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}='${encode(String(value))}'`],
  );
  const start = `${indent}<${name}${given.join('')}`;
  if (content === undefined) return `${start}/>\n`;
  if (typeof content !== 'object') return `${start}>${encode(String(content))}</${name}>\n`;
  return `${start}>\n${content.map((child) => (child === undefined ? '' : formatXml(child, `${indent}  `))).join('')}${indent}</${name}>\n`;
}

function encode(text: string): string {
  return text.replace(
    /[<>&'"]/g,
    (character) => `&${Object.keys(ENTITIES).find((name) => ENTITIES[name] === character) as string};`,
  );
}
