import { STRATEGIES, type Strategy } from '../fork/record.ts';
import { fail, type Position, type RawExpression, type Word } from './parse.ts';

/** Something to fetch, and how to know that it is the right thing. */
export interface Reference extends Position {
  readonly uri: string;
  readonly sha256?: string;
  /** It must be signed by a trusted key; by this one when an id is given. */
  readonly signed?: true | string;
}

/** What an expression edits: an archive, or the file system in an image. */
export type Target = { readonly archive: Reference } | { readonly image: string };

interface Edit extends Position {
  /** Path in the target. */
  readonly path: string;
  readonly target: Target;
  /** Folder that the target is mounted on in the guest: taken off the front of `path`. */
  readonly mounted?: string;
  readonly mode?: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Where the patch goes that leads from the unchanged target to the changed one. */
  readonly patch?: string;
  /** Where the changed target goes. */
  readonly fork?: string;
}

export type Expression =
  | ({ readonly kind: 'create'; readonly folder: string; readonly uri: string; readonly exclude: readonly string[] } & Position)
  | ({ readonly kind: 'image'; readonly path: string; readonly size: number; readonly label: string } & Position)
  | ({
      readonly kind: 'populate';
      readonly what: 'image' | 'directory';
      readonly path: string;
      readonly archive: Reference;
    } & Position)
  | ({ readonly kind: 'replace'; readonly text: string } & Edit)
  | ({ readonly kind: 'copy'; readonly from: Reference } & Edit)
  | ({ readonly kind: 'hook'; readonly text: string } & Edit)
  | ({ readonly kind: 'patch'; readonly target: Target; readonly patchFile: Reference; readonly fork?: string } & Position)
  | ({
      readonly kind: 'fork';
      readonly base: string;
      readonly name: string;
      readonly strategy: 'auto' | Strategy;
      /** Bytes of an overlay's writable disk. */
      readonly size?: number;
      readonly options: Readonly<Record<string, Word>>;
    } & Position);

const FORK_WORDS = ['strategy', 'hostname', 'address', 'gateway', 'interface', 'nameserver', 'size', 'key'];

/** What an expression says. @throws USAGE with file, line and column. */
export function readExpression(raw: RawExpression, file: string): Expression {
  const words = new Words(raw, file);
  const { line, column } = raw;
  const at = { line, column };
  switch (raw.name) {
    case 'create': {
      const folder = words.next('the folder to archive').text;
      const uri = words.uri('where the archive goes').text;
      const exclude: string[] = [];
      for (let clause = words.clause(['exclude']); clause !== undefined; clause = words.clause(['exclude']))
        exclude.push(words.next('a pattern').text);
      return { kind: 'create', folder, uri, exclude, ...at };
    }
    case 'image': {
      const path = words.next('the path of the image').text;
      const size = sizeOf(words.next('its size'), file);
      const label = words.next('its label');
      if (Buffer.byteLength(label.text) > 16) throw fail(file, label, `the label ${label.text} is longer than 16 bytes`);
      words.end();
      return { kind: 'image', path, size, label: label.text, ...at };
    }
    case 'populate': {
      const what = words.next('image or directory');
      if (what.text !== 'image' && what.text !== 'directory') {
        throw fail(
          file,
          what,
          `${what.text} cannot be populated`,
          'Say image for a file with a file system in it, directory for a folder.',
        );
      }
      const path = words.next('what to fill').text;
      // Kept from the paper, where the image was mounted there meanwhile; nothing is mounted here.
      words.next('the mount point');
      const archive = words.reference('the archive');
      words.end();
      return { kind: 'populate', what: what.text, path, archive, ...at };
    }
    case 'replace':
      return { kind: 'replace', ...edit(words, 'the file to replace', at), text: textOf(raw, file) };
    case 'hook':
      return { kind: 'hook', ...edit(words, 'the name of the hook', at), text: textOf(raw, file) };
    case 'copy': {
      const path = words.next('the file to copy to').text;
      if (words.clause(['from']) === undefined) throw fail(file, words.here, '[copy] needs where to copy from: from URI');
      const from = words.reference('the file to copy');
      return { kind: 'copy', from, ...clauses(words, path, at) };
    }
    case 'patch': {
      const target = words.reference('what to patch');
      const patchFile = words.reference('the patch');
      const fork = words.more ? words.uri('where the patched archive goes').text : undefined;
      words.end();
      return { kind: 'patch', target: { archive: target }, patchFile, ...(fork === undefined ? {} : { fork }), ...at };
    }
    case 'fork': {
      const base = words.next('what to fork').text;
      const name = words.next('the name of the fork').text;
      const options: Record<string, Word> = {};
      for (let clause = words.clause(FORK_WORDS); clause !== undefined; clause = words.clause(FORK_WORDS))
        options[clause] = words.next(`the ${clause}`);
      words.end();
      const { strategy, size, ...rest } = options;
      return {
        kind: 'fork',
        base,
        name,
        strategy: strategy === undefined ? 'auto' : strategyOf(strategy, file),
        ...(size === undefined ? {} : { size: sizeOf(size, file) }),
        options: rest,
        ...at,
      };
    }
    default:
      throw fail(
        file,
        raw,
        `there is no expression [${raw.name}]`,
        'There are: create, image, populate, replace, copy, patch, fork, hook, variables, domain.',
      );
  }
}

function edit(words: Words, what: string, at: Position): Edit {
  return clauses(words, words.next(what).text, at);
}

function clauses(words: Words, path: string, at: Position): Edit {
  let target: Target | undefined;
  let rest: Partial<Edit> = {};
  for (;;) {
    const clause = words.clause(['archive', 'image', 'mounted', 'mode', 'owner', 'patch', 'fork']);
    if (clause === undefined) break;
    if (clause === 'archive') target = { archive: words.reference('the archive') };
    else if (clause === 'image') target = { image: words.next('the image').text };
    else if (clause === 'mounted') rest = { ...rest, mounted: words.next('the folder').text };
    else if (clause === 'mode') rest = { ...rest, mode: words.octal() };
    else if (clause === 'owner') rest = { ...rest, owner: words.owner() };
    else if (clause === 'patch') rest = { ...rest, patch: words.uri('where the patch goes').text };
    else rest = { ...rest, fork: words.uri('where the changed archive goes').text };
  }
  words.end();
  if (target === undefined) throw words.missing('archive URI or image PATH');
  return { path, target, ...rest, ...at };
}

/** The words of an expression, taken from the front. */
class Words {
  readonly #raw: RawExpression;
  readonly #file: string;
  #at = 0;

  constructor(raw: RawExpression, file: string) {
    this.#raw = raw;
    this.#file = file;
  }

  get more(): boolean {
    return this.#at < this.#raw.words.length;
  }

  get here(): Position {
    return this.#raw.words[this.#at] ?? this.#raw;
  }

  next(what: string): Word {
    const word = this.#raw.words[this.#at++];
    if (word === undefined) throw this.missing(what);
    return word;
  }

  missing(what: string): Error {
    return fail(this.#file, this.#raw, `[${this.#raw.name}] lacks ${what}`);
  }

  /** The next word, when it is one of these. */
  clause(names: readonly string[]): string | undefined {
    const word = this.#raw.words[this.#at];
    if (word === undefined || !names.includes(word.text)) return undefined;
    this.#at++;
    return word.text;
  }

  uri(what: string): Word {
    const word = this.next(what);
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(word.text)?.[1]?.toLowerCase();
    if (scheme !== undefined && !['file', 'http', 'https', 'ftp'].includes(scheme)) {
      throw fail(this.#file, word, `${scheme}: cannot be used here`, 'Use file, http, https or ftp, or a path.');
    }
    return word;
  }

  /** A URI, with `sha256=…` and `signed` or `signed=KEY` behind it. */
  reference(what: string): Reference {
    const { text: uri, line, column } = this.uri(what);
    let sha256: string | undefined;
    let signed: true | string | undefined;
    for (; this.more; this.#at++) {
      const word = this.#raw.words[this.#at];
      const digest = /^sha256=(.*)$/.exec(word?.text ?? '');
      const key = /^signed(?:=(.*))?$/.exec(word?.text ?? '');
      if (word === undefined || (digest === null && key === null)) break;
      if (digest !== null && !/^[0-9a-f]{64}$/.test(digest[1] ?? ''))
        throw fail(this.#file, word, 'a sha256 is 64 lower-case hex digits');
      if (key?.[1] !== undefined && !/^[0-9A-F]{16}$/.test(key[1]))
        throw fail(this.#file, word, 'a key is named by the 16 hex digits that minisign prints');
      sha256 = digest?.[1] ?? sha256;
      signed = key === null ? signed : (key[1] ?? true);
    }
    return { uri, line, column, ...(sha256 === undefined ? {} : { sha256 }), ...(signed === undefined ? {} : { signed }) };
  }

  octal(): number {
    const word = this.next('a mode');
    if (!/^0?[0-7]{3,4}$/.test(word.text)) throw fail(this.#file, word, `${word.text} is not a mode, as in 0644`);
    return Number.parseInt(word.text, 8);
  }

  owner(): { uid: number; gid: number } {
    const word = this.next('an owner');
    const [, uid, gid] = /^([0-9]{1,9}):([0-9]{1,9})$/.exec(word.text) ?? [];
    if (uid === undefined || gid === undefined) throw fail(this.#file, word, `${word.text} is not an owner, as in 0:0`);
    return { uid: Number(uid), gid: Number(gid) };
  }

  end(): void {
    const word = this.#raw.words[this.#at];
    if (word !== undefined)
      throw fail(this.#file, word, `${JSON.stringify(word.text)} is one word too many in [${this.#raw.name}]`);
  }
}

function textOf(raw: RawExpression, file: string): string {
  if (raw.text === undefined) throw fail(file, raw, `[${raw.name}] lacks its text`, 'The text starts behind an empty line.');
  return raw.text;
}

function strategyOf(word: Word, file: string): 'auto' | Strategy {
  const known = (['auto', ...STRATEGIES] as const).find((strategy) => strategy === word.text);
  if (known === undefined)
    throw fail(file, word, `there is no strategy ${word.text}`, `There are: auto, ${STRATEGIES.join(', ')}.`);
  return known;
}

/** `50MB`: as in the paper's time, units are powers of 1024. */
function sizeOf(word: Word, file: string): number {
  const [, number, unit = ''] = /^([0-9]{1,12})([KMGT]?)(?:i?B)?$/.exec(word.text) ?? [];
  const size = Number(number) * 1024 ** ['', 'K', 'M', 'G', 'T'].indexOf(unit);
  if (number === undefined || size < 1 << 20 || size > 2 ** 44)
    throw fail(file, word, `${word.text} cannot be the size of an image`, 'Say 50MB or 2GB.');
  return size;
}
