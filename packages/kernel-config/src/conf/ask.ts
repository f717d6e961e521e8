import { KernelConfigError } from '../errors.ts';
import type { Configuration } from '../kconfig/configuration.ts';
import { MOD, NO, YES, type Tristate } from '../kconfig/expression.ts';
import type { HelpTexts } from '../kconfig/help.ts';
import { childrenOf, type MenuNode } from '../kconfig/menu.ts';
import { quote } from '../kconfig/read-config.ts';
import type { KconfigSymbol } from '../kconfig/symbol.ts';

/** How often the default may answer after the end of input before we believe that it never will. */
const MAX_AFTER_END = 100_000;

/** `all` asks everything, `new` what has no value yet; the lists only tell what is new. */
export type AskMode = 'all' | 'new' | 'list' | 'list-help';

export interface AskOptions {
  readonly configuration: Configuration;
  readonly help: HelpTexts;
  readonly input: { next(): string | undefined };
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** Answers are not seen on a terminal: print them. */
  readonly echo: boolean;
  readonly prefix: string;
}

/** Asks for values on standard input, in the order and wording of the C program. */
export class Questions {
  private readonly options: AskOptions;
  private mode: AskMode = 'all';
  private indent = 1;
  private root: MenuNode;
  private restarts = 0;
  private afterEnd = 0;

  constructor(options: AskOptions) {
    this.options = options;
    this.root = options.configuration.tree.root;
  }

  /** Asks about every entry. */
  askAll(): void {
    this.mode = 'all';
    this.root = this.options.configuration.tree.root;
    this.visit(this.root);
  }

  /** Asks about (or lists) new symbols until nothing new appears. */
  askNew(mode: AskMode): void {
    this.mode = mode;
    const { tree } = this.options.configuration;
    // Each pass gives something a value: after so many, what is left cannot have one.
    let passes = tree.symbols.all().length + 100;
    do {
      this.restarts = 0;
      this.check(tree.root);
      if (passes-- === 0) throw new KernelConfigError('VALUE_INVALID', 'a symbol stays without a value, whatever is answered');
    } while (this.restarts > 0);
  }

  private check(menu: MenuNode): void {
    const { configuration, print, help, prefix } = this.options;
    if (!configuration.isMenuVisible(menu)) return;
    const { symbol } = menu;
    if (symbol !== undefined && !symbol.hasUserValue && this.isOpen(symbol)) {
      if (this.mode === 'list') print(this.listLine(symbol));
      else if (this.mode === 'list-help') print(`-----\n\n${help.entry(menu, prefix)}\n-----\n`);
      else {
        if (this.restarts++ === 0) print('*\n* Restart config...\n*\n');
        this.root = this.upperMenu(menu);
        this.visit(this.root);
      }
    }
    for (const child of childrenOf(menu)) this.check(child);
  }

  private isOpen(symbol: KconfigSymbol): boolean {
    const { configuration } = this.options;
    const { modalChoices } = configuration.tree.dialect;
    return configuration.isChangeable(symbol) || (modalChoices && symbol.isChoice && configuration.tristate(symbol) === YES);
  }

  private listLine(symbol: KconfigSymbol): string {
    if (symbol.name === undefined || symbol.type === 'unknown') return '';
    const { configuration, prefix } = this.options;
    const value = configuration.text(symbol);
    return `${prefix}${symbol.name}=${symbol.type === 'string' ? quote(value) : value}\n`;
  }

  private upperMenu(menu: MenuNode): MenuNode {
    const { root } = this.options.configuration.tree;
    let at = menu;
    while (at !== root && at.prompt?.kind !== 'menu') at = at.parent ?? root;
    return at;
  }

  private visit(menu: MenuNode): void {
    const { configuration, print } = this.options;
    if (!configuration.isMenuVisible(menu)) return;
    const { symbol, prompt } = menu;
    if (prompt?.kind === 'menu' && this.mode !== 'all' && this.root !== menu) return this.check(menu);
    if (prompt?.kind === 'menu' || prompt?.kind === 'comment') {
      const star = '*'.padStart(this.indent);
      print(`${star}\n${star} ${prompt.text}\n${star}\n`);
    }
    if (symbol?.isChoice) {
      if (this.choice(menu, symbol)) return;
      if (symbol.tristate !== MOD) return;
    } else if (symbol !== undefined) {
      if (symbol.type === 'int' || symbol.type === 'hex' || symbol.type === 'string') this.text(menu, symbol);
      else this.tristate(menu, symbol);
    }
    if (symbol !== undefined) this.indent += 2;
    for (const child of childrenOf(menu)) this.visit(child);
    if (symbol !== undefined) this.indent -= 2;
  }

  private title(menu: MenuNode): string {
    return ' '.repeat(this.indent - 1) + (menu.prompt?.text ?? menu.symbol?.name ?? '');
  }

  private text(menu: MenuNode, symbol: KconfigSymbol): void {
    const { configuration, print } = this.options;
    for (;;) {
      const current = configuration.text(symbol);
      print(`${this.title(menu)} (${symbol.name}) [${current}] `);
      const answer = this.answer(symbol, current);
      if (answer === undefined) return;
      if (answer === '?\n') {
        this.showHelp(menu);
        continue;
      }
      if (configuration.setText(symbol, answer === '\n' ? current : answer.slice(0, -1))) return;
    }
  }

  private tristate(menu: MenuNode, symbol: KconfigSymbol): void {
    const { configuration, print } = this.options;
    for (;;) {
      const current = configuration.tristate(symbol);
      const others = ([NO, MOD, YES] as const).filter((value) => value !== current && configuration.isWithinRange(symbol, value));
      const name = symbol.name === undefined ? '' : `(${symbol.name}) `;
      print(`${this.title(menu)} ${name}[${'NMY'[current]}${others.map((value) => `/${'nmy'[value]}`).join('')}/?] `);
      const answer = this.answer(symbol, configuration.text(symbol))?.trim();
      if (answer === undefined) return;
      if (answer !== '?') {
        const value = answer === '' ? current : parseAnswer(answer);
        if (value === undefined) continue;
        if (configuration.setTristate(symbol, value)) return;
      }
      this.showHelp(menu);
    }
  }

  /** @returns whether the choice is done with; else its members are asked one by one */
  private choice(menu: MenuNode, symbol: KconfigSymbol): boolean {
    const { configuration, print } = this.options;
    const { modalChoices } = configuration.tree.dialect;
    if (modalChoices) {
      if (configuration.isChangeable(symbol)) this.tristate(menu, symbol);
      const mode = configuration.tristate(symbol);
      if (mode === NO) return true;
      if (mode === MOD) {
        if (!configuration.isChangeable(symbol)) print(`${this.title(menu)}\n`);
        return false;
      }
    }
    let isNew = modalChoices && !symbol.hasUserValue;
    for (;;) {
      print(`${this.title(menu)}\n`);
      const chosen = configuration.chosenOf(menu);
      const members: MenuNode[] = [];
      let current = 0;
      for (const child of childrenOf(menu)) {
        if (!configuration.isMenuVisible(child)) continue;
        if (child.symbol === undefined) {
          print(`${'*'.padStart(this.indent)} ${child.prompt?.text}\n`);
          continue;
        }
        members.push(child);
        const isChosen = child.symbol === chosen;
        if (isChosen) current = members.length;
        if (!child.symbol.hasUserValue && !modalChoices) isNew = true;
        const fresh = child.symbol.hasUserValue ? '' : ' (NEW)';
        print(
          `${(isChosen ? '>' : ' ').padStart(this.indent)} ${members.length}. ${child.prompt?.text} (${child.symbol.name})${fresh}\n`,
        );
      }
      print(`${' '.repeat(this.indent - 1)}choice`);
      let wanted: number;
      let showsHelp = false;
      if (members.length === 1) {
        print('[1]: 1\n');
        wanted = 1;
      } else {
        print(`[1-${members.length}?]: `);
        if (this.mode === 'new' && !isNew) {
          wanted = current;
          print(`${current}\n`);
        } else {
          const answer = this.readLine('').trim();
          if (answer.startsWith('?')) {
            this.showHelp(menu);
            continue;
          }
          if (answer !== '' && !/^\d/.test(answer)) continue;
          wanted = answer === '' ? current : Number.parseInt(answer, 10);
          showsHelp = answer.endsWith('?');
        }
      }
      const member = members[wanted - 1];
      if (member?.symbol === undefined) continue;
      if (showsHelp) {
        this.showHelp(member);
        continue;
      }
      configuration.choose(menu, member.symbol);
      if (modalChoices) {
        this.indent += 2;
        for (const child of childrenOf(member)) this.visit(child);
        this.indent -= 2;
      }
      return true;
    }
  }

  /** What was typed, with its line end; undefined if nothing is to be asked. */
  private answer(symbol: KconfigSymbol, current: string): string | undefined {
    const { configuration, print } = this.options;
    if (!symbol.hasUserValue) print('(NEW) ');
    if (!configuration.isChangeable(symbol) || (this.mode === 'new' && symbol.hasUserValue)) {
      print(`${current}\n`);
      return undefined;
    }
    return this.readLine('\n');
  }

  /** @param atEnd what counts as typed when the input has ended */
  private readLine(atEnd: string): string {
    const { input, print, printError, echo } = this.options;
    const line = input.next();
    if (line === undefined) {
      printError('\nError in reading or end of file.\n');
      if (++this.afterEnd > MAX_AFTER_END)
        throw new KernelConfigError('USAGE', 'standard input ended, and a question has no valid default');
    }
    const text = line ?? atEnd;
    if (echo) print(text);
    return text.endsWith('\n') ? text : `${text}\n`;
  }

  private showHelp(menu: MenuNode): void {
    this.options.print(`\n${this.options.help.entry(menu, this.options.prefix)}\n`);
  }
}

function parseAnswer(answer: string): Tristate | undefined {
  if (/^(n|no|N|No)$/.test(answer)) return NO;
  if (/^(m|M)$/.test(answer)) return MOD;
  if (/^(y|yes|Y|Yes)$/.test(answer)) return YES;
  return undefined;
}
