import { KernelConfigError, type Position } from '../errors.ts';
import type { Prober } from '../probes/prober.ts';

/** `=` is expanded at each use, `:=` once, `+=` adds to what is there. */
export type Assignment = '=' | ':=' | '+=';

interface Variable {
  value: string;
  simple: boolean;
  /** How many expansions of it are under way. */
  depth: number;
}

export interface MacroContext {
  /** For `$(filename)`, `$(lineno)` and messages. */
  readonly position: () => Position;
  readonly includedFrom: () => Position[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly prober: Prober;
  /** Where `$(info,…)` goes. */
  readonly info: (text: string) => void;
  /** Where `$(warning-if,…)` goes. */
  readonly warn: (message: string, position: Position) => void;
}

const MAX_ARGUMENTS = 16;
const MAX_DEPTH = 1000;
/** A result that `prober` has been asked for but not delivered: its number between two NULs. */
const PENDING = /\0(\d+)\0/g;
const WHOLE_PENDING = /^\0(\d+)\0$/;

/** The macro language: variables, user functions, built-in functions, `$(shell,…)`. */
export class Macros {
  /** Environment variables that were referenced, with their values: make must notice when they change. */
  readonly referenced = new Map<string, string>();
  private readonly variables = new Map<string, Variable>();
  private readonly context: MacroContext;

  constructor(context: MacroContext) {
    this.context = context;
  }

  assign(name: string, kind: Assignment, text: string): void {
    const known = this.variables.get(name);
    const simple = kind === '+=' ? (known?.simple ?? false) : kind === ':=';
    const value = simple ? this.expand(text, []) : text;
    if (known === undefined) this.variables.set(name, { value, simple, depth: 0 });
    else {
      known.value = kind === '+=' ? `${known.value} ${value}` : value;
      known.simple = simple;
    }
  }

  /** Expands the token at the start of `line`. `rest` is the number of characters after it. */
  expandToken(line: string): { value: string; rest: number } {
    let value = '';
    let at = 0;
    while (at < line.length) {
      const character = line[at]!;
      if (character === '$') {
        const reference = this.expandReference(line.slice(at + 1));
        value += reference.value;
        at = line.length - reference.rest;
      } else if (/[A-Za-z0-9_-]/.test(character)) {
        value += character;
        at++;
      } else break;
    }
    return { value: WHOLE_PENDING.test(value) ? value : this.settle(value), rest: line.length - at };
  }

  /** Expands what follows a `$`. A `$` without `(` stands for itself. */
  expandReference(text: string): { value: string; rest: number } {
    const { value, rest } = this.reference(text, []);
    return { value: WHOLE_PENDING.test(value) ? value : this.settle(value), rest };
  }

  /** The text with all pending results in place. */
  settle(text: string): string {
    return text.includes('\0') ? text.replace(PENDING, (_, id: string) => this.context.prober.wait(Number(id))) : text;
  }

  private expand(text: string, args: readonly string[]): string {
    let at = text.indexOf('$');
    if (at < 0) return text;
    let value = '';
    let start = 0;
    while (at >= 0) {
      value += text.slice(start, at);
      const reference = this.reference(text.slice(at + 1), args);
      value += reference.value;
      start = text.length - reference.rest;
      at = text.indexOf('$', start);
    }
    return value + text.slice(start);
  }

  private reference(text: string, args: readonly string[]): { value: string; rest: number } {
    if (text[0] !== '(') return { value: '$', rest: text.length };
    const end = closingParenthesis(text);
    if (end < 0) throw this.failure(`unterminated reference to '${text.slice(1)}': missing ')'`);
    return { value: this.call(text.slice(1, end), args), rest: text.length - end - 1 };
  }

  /** What is between `$(` and `)`: an argument's number, a variable, a function call or an environment variable. */
  private call(clause: string, args: readonly string[]): string {
    if (/^\d+$/.test(clause)) {
      const argument = args[Number(clause) - 1];
      if (argument !== undefined) return argument;
    }
    const parts = splitArguments(clause);
    if (parts.length > MAX_ARGUMENTS) throw this.failure('too many function arguments');
    const name = this.settle(this.expand(parts[0]!, args));
    const values = parts.slice(1).map((part) => this.expand(part, args));
    return this.variable(name, values) ?? this.builtIn(name, values) ?? (values.length === 0 ? this.fromEnvironment(name) : '');
  }

  private variable(name: string, args: readonly string[]): string | undefined {
    const variable = this.variables.get(name);
    if (variable === undefined) return undefined;
    if (args.length === 0 && variable.depth > 0) {
      throw this.failure(`Recursive variable '${name}' references itself (eventually)`);
    }
    if (variable.depth > MAX_DEPTH) throw this.failure('Too deep recursive expansion');
    variable.depth++;
    const value = variable.simple ? variable.value : this.expand(variable.value, args);
    variable.depth--;
    return value;
  }

  private builtIn(name: string, args: readonly string[]): string | undefined {
    const count = builtInArguments[name];
    if (count === undefined) return undefined;
    if (args.length < count) throw this.failure(`too few function arguments passed to '${name}'`);
    if (args.length > count) throw this.failure(`too many function arguments passed to '${name}'`);
    const [first = '', second = ''] = args.map((argument) => this.settle(argument));
    switch (name) {
      case 'shell': {
        const result = this.context.prober.start(first);
        return typeof result === 'number' ? `\0${result}\0` : result;
      }
      case 'filename':
        return this.context.position().file;
      case 'lineno':
        return String(this.context.position().line);
      case 'info':
        this.context.info(first);
        return '';
      case 'warning-if':
        if (first === 'y') this.context.warn(second, this.context.position());
        return '';
      default:
        if (first === 'y') throw this.failure(second);
        return '';
    }
  }

  private fromEnvironment(name: string): string {
    if (name === '') return '';
    const known = this.referenced.get(name);
    if (known !== undefined) return known;
    const value = this.context.environment[name];
    if (value === undefined) return '';
    const bytes = Buffer.from(value, 'utf8').toString('latin1');
    this.referenced.set(name, bytes);
    return bytes;
  }

  private failure(message: string): KernelConfigError {
    return new KernelConfigError('KCONFIG_MACRO', message, {
      position: this.context.position(),
      includedFrom: this.context.includedFrom(),
    });
  }
}

/** The number of a pending result, if the text is nothing else. */
export function pendingResult(text: string): number | undefined {
  const match = text.charCodeAt(0) === 0 ? WHOLE_PENDING.exec(text) : null;
  return match === null ? undefined : Number(match[1]);
}

const builtInArguments: Readonly<Record<string, number | undefined>> = Object.assign(
  Object.create(null) as Record<string, number>,
  {
    'error-if': 2,
    filename: 0,
    info: 1,
    lineno: 0,
    shell: 1,
    'warning-if': 2,
  },
);

function closingParenthesis(text: string): number {
  let nesting = 0;
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '(') nesting++;
    else if (text[at] === ')' && nesting-- === 0) return at;
  }
  return -1;
}

function splitArguments(clause: string): string[] {
  const parts: string[] = [];
  let nesting = 0;
  let start = 0;
  for (let at = 0; at < clause.length; at++) {
    const character = clause[at];
    if (character === '(') nesting++;
    else if (character === ')') nesting--;
    else if (character === ',' && nesting === 0) {
      parts.push(clause.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(clause.slice(start));
  return parts;
}
