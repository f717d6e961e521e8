import { KernelConfigError } from '../errors.ts';
import type { Configuration } from '../kconfig/configuration.ts';
import { MOD, NO, YES, type Tristate } from '../kconfig/expression.ts';
import { childrenOf, type MenuNode } from '../kconfig/menu.ts';
import type { KconfigSymbol } from '../kconfig/symbol.ts';

/** Where the answers come from: standard input (`all`: everything, `new`: what has no value, `silent`: that, by menu), or a rule. */
export type WalkMode = 'all' | 'new' | 'silent' | 'default' | 'yes' | 'mod' | 'no' | 'random';

export interface WalkOptions {
  readonly configuration: Configuration;
  readonly input: { next(): string | undefined };
  readonly print: (text: string) => void;
  /** random(3). */
  readonly random: () => number;
  /** Whether somebody can answer. */
  readonly isTerminal: boolean;
}

/** What ends a walk early: `conf` exits with 1 and writes nothing. */
export class WalkEnded extends Error {}

const NO_HELP = 'Sorry, no help available for this option yet.\n';
/** An answer is read in pieces of so many characters. */
const MAX_LINE = 127;
/** A question that was asked so often will never be answered. */
const MAX_TRIES = 10_000;

/** Gives values as conf did before Linux 2.6.36: whatever the mode, it walks through the menus and answers each question. */
export class Walk {
  private readonly options: WalkOptions;
  private readonly configuration: Configuration;
  private readonly print: (text: string) => void;
  private mode: WalkMode;
  private indent = 1;
  private root: MenuNode;
  private restarts = 0;
  private mayAsk = true;
  private line = '';
  private tries = 0;

  constructor(options: WalkOptions, mode: WalkMode) {
    this.options = options;
    this.configuration = options.configuration;
    this.print = options.print;
    this.mode = mode;
    this.root = options.configuration.tree.root;
    this.mayAsk = mode !== 'silent' || options.isTerminal;
  }

  run(): void {
    const { root } = this.configuration.tree;
    if (this.mode !== 'silent') {
      this.visit(root);
      // The second time for what a select held up the first time.
      if (this.mode === 'yes' || this.mode === 'mod' || this.mode === 'no') this.visit(root);
      if (this.mode === 'all') this.mode = 'silent';
    }
    do {
      this.restarts = 0;
      this.check(root);
    } while (this.restarts > 0);
  }

  private check(menu: MenuNode): void {
    const { configuration } = this;
    if (!configuration.isMenuVisible(menu)) return;
    const { symbol } = menu;
    if (symbol !== undefined && !symbol.hasUserValue) {
      if (configuration.isChangeable(symbol) || (symbol.isChoice && configuration.tristate(symbol) === YES)) {
        if (this.restarts++ === 0) this.print('*\n* Restart config...\n*\n');
        if (++this.tries > MAX_TRIES)
          throw new KernelConfigError('VALUE_INVALID', `${symbol.name ?? 'a choice'} stays without a value`);
        this.root = this.upperMenu(menu);
        this.visit(this.root);
      }
    }
    for (const child of childrenOf(menu)) this.check(child);
  }

  private upperMenu(menu: MenuNode): MenuNode {
    const { root } = this.configuration.tree;
    let at = menu;
    while (at !== root && at.prompt?.kind !== 'menu') at = at.parent ?? root;
    return at;
  }

  private visit(menu: MenuNode): void {
    const { configuration, print } = this;
    if (!configuration.isMenuVisible(menu)) return;
    const { symbol, prompt } = menu;
    if (prompt?.kind === 'menu' && this.mode === 'silent' && this.root !== menu) return this.check(menu);
    if (prompt?.kind === 'menu' || prompt?.kind === 'comment') {
      const star = '*'.padStart(this.indent);
      print(`${star}\n${star} ${prompt.text}\n${star}\n`);
    }
    if (symbol?.isChoice) {
      this.choice(menu, symbol);
      if (symbol.tristate !== MOD) return;
    } else if (symbol !== undefined) {
      if (symbol.type === 'int' || symbol.type === 'hex' || symbol.type === 'string') this.text(menu, symbol);
      else this.tristate(menu, symbol);
    }
    if (symbol !== undefined) this.indent += 2;
    for (const child of childrenOf(menu)) this.visit(child);
    if (symbol !== undefined) this.indent -= 2;
  }

  private text(menu: MenuNode, symbol: KconfigSymbol): void {
    const { configuration, print } = this;
    for (let tries = 0; ; tries++) {
      this.giveUp(symbol, tries);
      const current = configuration.text(symbol);
      print(`${this.title(menu)} (${symbol.name}) [${current}] `);
      this.ask(symbol, current);
      if (this.line === '?\n') {
        print(`\n${this.help(menu)}\n`);
        continue;
      }
      if (configuration.setText(symbol, this.line.startsWith('\n') ? current : this.line.slice(0, -1))) return;
    }
  }

  private tristate(menu: MenuNode, symbol: KconfigSymbol): void {
    const { configuration, print } = this;
    for (let tries = 0; ; tries++) {
      this.giveUp(symbol, tries);
      const current = configuration.tristate(symbol);
      const others = ([NO, MOD, YES] as const).filter((value) => value !== current && configuration.isWithinRange(symbol, value));
      const name = symbol.name === undefined ? '' : `(${symbol.name}) `;
      const choices = `${'NMY'[current]}${others.map((value) => `/${'nmy'[value]}`).join('')}${this.hasHelp(symbol) ? '/?' : ''}`;
      print(`${this.title(menu)} ${name}[${choices}] `);
      this.ask(symbol, configuration.text(symbol));
      const answer = this.line.trim();
      if (!answer.startsWith('?')) {
        const value = answer === '' ? current : parseAnswer(answer);
        if (value === undefined) continue;
        if (configuration.setTristate(symbol, value)) return;
      }
      print(`\n${this.help(menu)}\n`);
    }
  }

  private choice(menu: MenuNode, symbol: KconfigSymbol): void {
    const { configuration, print } = this;
    const isNew = !symbol.hasUserValue;
    if (configuration.isChangeable(symbol)) {
      this.tristate(menu, symbol);
      if (configuration.tristate(symbol) !== YES) return;
    } else {
      const mode = configuration.tristate(symbol);
      if (mode === MOD) print(`${this.title(menu)}\n`);
      if (mode !== YES) return;
    }
    for (let tries = 0; ; tries++) {
      this.giveUp(symbol, tries);
      print(`${this.title(menu)}\n`);
      const chosen = configuration.chosenOf(menu);
      const members: MenuNode[] = [];
      let current = 0;
      this.line = '';
      for (const child of childrenOf(menu)) {
        if (!configuration.isMenuVisible(child)) continue;
        if (child.symbol === undefined) {
          print(`${'*'.padStart(this.indent)} ${child.prompt?.text}\n`);
          continue;
        }
        members.push(child);
        if (child.symbol === chosen) current = members.length;
        const mark = (child.symbol === chosen ? '>' : ' ').padStart(this.indent);
        const fresh = child.symbol.hasUserValue ? '' : ' (NEW)';
        print(`${mark} ${members.length}. ${child.prompt?.text} (${child.symbol.name})${fresh}\n`);
      }
      print(`${' '.repeat(this.indent - 1)}choice`);
      const wanted = this.pick(menu, members.length, current, isNew);
      const member = wanted === undefined ? undefined : members[wanted - 1];
      if (member?.symbol === undefined) continue;
      if (this.line.endsWith('?')) {
        print(`\n${this.help(member)}\n`);
        continue;
      }
      configuration.choose(menu, member.symbol);
      if (member.firstChild !== undefined) {
        this.indent += 2;
        this.visit(member.firstChild);
        this.indent -= 2;
      }
      return;
    }
  }

  /** The number of the member that is wanted. */
  private pick(menu: MenuNode, count: number, current: number, isNew: boolean): number | undefined {
    const { print } = this;
    if (count === 1) {
      print('[1]: 1\n');
      return 1;
    }
    print(`[1-${count}${this.hasHelp(menu.symbol!) ? '?' : ''}]: `);
    if (this.mode === 'all' || ((this.mode === 'new' || this.mode === 'silent') && isNew)) {
      if (this.mode !== 'all') this.checkInput();
      this.line = this.readLine().trim();
      if (this.line.startsWith('?')) {
        print(`\n${this.help(menu)}\n`);
        return undefined;
      }
      if (this.line === '') return current;
      return /^\d/.test(this.line) ? Number.parseInt(this.line, 10) : undefined;
    }
    const wanted = this.mode === 'random' ? (this.options.random() % count) + 1 : current;
    print(`${wanted}\n`);
    return wanted;
  }

  /** Answers one question, into `line`. */
  private ask(symbol: KconfigSymbol, current: string): void {
    const { configuration, print, mode } = this;
    if (!symbol.hasUserValue) print('(NEW) ');
    this.line = '\n';
    if (!configuration.isChangeable(symbol)) {
      print(`${current}\n`);
      return;
    }
    const ruled = this.ruledValue(symbol);
    if (ruled !== undefined) {
      this.line = `${'nmy'[ruled]}\n`;
      print(this.line);
      return;
    }
    const isFromInput = mode === 'all' || mode === 'new' || mode === 'silent';
    if (mode === 'default' || (mode !== 'all' && symbol.hasUserValue)) {
      print(`${current}\n`);
      return;
    }
    if (isFromInput) {
      if (mode !== 'all') this.checkInput();
      this.line = this.readLine();
      return;
    }
    const type = configuration.effectiveType(symbol);
    if (type !== 'bool' && type !== 'tristate') {
      print(`${current}\n`);
      return;
    }
    // What the rule cannot have comes by chance.
    let value: Tristate;
    let tries = 0;
    do {
      this.giveUp(symbol, tries++);
      value = (this.options.random() % 3) as Tristate;
    } while (!configuration.isWithinRange(symbol, value));
    this.line = `${'nmy'[value]}\n`;
    print(this.line);
  }

  /** What `yes`, `mod` or `no` means for a logical symbol; the next smaller value where it cannot have that. */
  private ruledValue(symbol: KconfigSymbol): Tristate | undefined {
    const { configuration, mode } = this;
    const type = configuration.effectiveType(symbol);
    if (type !== 'bool' && type !== 'tristate') return undefined;
    const wishes: readonly Tristate[] =
      mode === 'yes'
        ? [YES, type === 'tristate' ? MOD : YES, NO]
        : mode === 'mod'
          ? [type === 'tristate' ? MOD : YES, NO]
          : mode === 'no'
            ? [NO]
            : [];
    return wishes.find((value) => configuration.isWithinRange(symbol, value));
  }

  private checkInput(): void {
    if (this.mayAsk || this.mode !== 'silent') return;
    this.print("aborted!\n\nConsole input/output is redirected. Run 'make oldconfig' to update configuration.\n\n");
    throw new WalkEnded();
  }

  private readLine(): string {
    const line = this.options.input.next();
    if (line === undefined) throw new WalkEnded();
    return line.slice(0, MAX_LINE);
  }

  private title(menu: MenuNode): string {
    return ' '.repeat(this.indent - 1) + (menu.prompt?.text ?? menu.symbol?.name ?? '');
  }

  private hasHelp(symbol: KconfigSymbol): boolean {
    return symbol.definitions.some(({ help }) => help !== undefined);
  }

  private help(menu: MenuNode): string {
    return menu.symbol?.definitions.findLast(({ help }) => help !== undefined)?.help ?? NO_HELP;
  }

  private giveUp(symbol: KconfigSymbol, tries: number): void {
    if (tries > MAX_TRIES) throw new KernelConfigError('VALUE_INVALID', `no value fits ${symbol.name ?? 'a choice'}`);
  }
}

function parseAnswer(answer: string): Tristate | undefined {
  return /^(y|Y)(es)?$/.test(answer) ? YES : /^(n|N)o?$/.test(answer) ? NO : /^[mM]$/.test(answer) ? MOD : undefined;
}
