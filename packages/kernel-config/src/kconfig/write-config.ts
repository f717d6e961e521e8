import { choiceMenuOf } from './choices.ts';
import type { Configuration } from './configuration.ts';
import { YES } from './expression.ts';
import type { MenuNode } from './menu.ts';
import { quote } from './read-config.ts';
import type { KconfigSymbol } from './symbol.ts';

/** The first lines of a written file, in a language's comment style. */
export function heading(configuration: Configuration, style: 'hash' | 'c'): string {
  const { dialect, root } = configuration.tree;
  const title = root.prompt?.text ?? '';
  const [open, mark, close] = style === 'hash' ? ['#', '#', '#'] : ['/*', ' *', ' */'];
  const margin = dialect.quotedAutoConf && style === 'c' ? `${mark}\n` : '';
  return `${open}\n${margin}${mark} Automatically generated file; DO NOT EDIT.\n${mark} ${title}\n${margin}${close}\n`;
}

/** The `.config` line of a symbol, with its line end; empty for symbols without a type. */
export function configLine(
  configuration: Configuration,
  symbol: KconfigSymbol,
  prefix = configuration.tree.dialect.prefix,
): string {
  const value = configuration.text(symbol);
  switch (symbol.type) {
    case 'unknown':
      return '';
    case 'bool':
    case 'tristate':
      return value === 'n' ? `# ${prefix}${symbol.name} is not set\n` : `${prefix}${symbol.name}=${value}\n`;
    case 'string':
      return `${prefix}${symbol.name}=${quote(value)}\n`;
    default:
      return `${prefix}${symbol.name}=${value}\n`;
  }
}

/** The text of `.config`. */
export function writeConfig(configuration: Configuration, prefix = configuration.tree.dialect.prefix): string {
  if (!configuration.changed) configuration.invalidate();
  const { root, dialect } = configuration.tree;
  const done = new Set<KconfigSymbol>();
  const parts = [heading(configuration, 'hash')];
  let needsBlank = false;
  const endOf = (menu: MenuNode): void => {
    if (dialect.menuEnds === 'none' || menu.symbol !== undefined || menu === root || !configuration.isMenuVisible(menu)) return;
    if (menu.prompt?.kind !== 'menu') return;
    parts.push(`# end of ${menu.prompt.text}\n`);
    needsBlank = true;
  };

  let menu = root.firstChild;
  while (menu !== undefined) {
    const { symbol } = menu;
    if (symbol === undefined) {
      if (configuration.isMenuVisible(menu)) {
        parts.push(`\n#\n# ${menu.prompt!.text}\n#\n`);
        needsBlank = false;
      }
    } else if (!symbol.isChoice && !done.has(symbol)) {
      configuration.compute(symbol);
      if (symbol.written) {
        if (needsBlank) parts.push('\n');
        needsBlank = false;
        done.add(symbol);
        parts.push(configLine(configuration, symbol, prefix));
      }
    }
    if (menu.firstChild !== undefined) {
      menu = menu.firstChild;
      continue;
    }
    if (dialect.menuEnds === 'all') endOf(menu);
    let at: MenuNode | undefined = menu;
    while (at !== undefined && at.next === undefined) {
      at = at.parent;
      if (at !== undefined) endOf(at);
    }
    menu = at?.next;
  }
  return parts.join('');
}

/** The text of a minimal configuration: only what differs from the defaults. */
export function writeDefconfig(configuration: Configuration, prefix = configuration.tree.dialect.prefix): string {
  configuration.invalidate();
  const done = new Set<KconfigSymbol>();
  const { dialect, root } = configuration.tree;
  let text = '';
  for (let menu: MenuNode | undefined = root.firstChild; menu !== undefined; menu = following(menu)) {
    const { symbol } = menu;
    if (symbol === undefined || symbol.isChoice || done.has(symbol)) continue;
    configuration.compute(symbol);
    if (!symbol.written) continue;
    done.add(symbol);
    if (!configuration.isChangeable(symbol)) continue;
    const value = configuration.text(symbol);
    if (value === configuration.defaultText(symbol)) continue;
    if (value === 'y' && isDefaultMember(configuration, symbol, dialect.modalChoices)) continue;
    text += configLine(configuration, symbol, prefix);
  }
  return text;
}

function isDefaultMember(configuration: Configuration, symbol: KconfigSymbol, modal: boolean): boolean {
  if (modal) {
    const { choice } = symbol;
    if (choice === undefined || choice.isOptional || symbol.type !== 'bool') return false;
    return configuration.choiceDefault(choice.definitions[0]!) === symbol && symbol.tristate === YES;
  }
  const choice = choiceMenuOf(symbol);
  return choice !== undefined && configuration.choiceDefault(choice) === symbol;
}

function following(menu: MenuNode): MenuNode | undefined {
  if (menu.firstChild !== undefined) return menu.firstChild;
  let at: MenuNode | undefined = menu;
  while (at !== undefined && at.next === undefined) at = at.parent;
  return at?.next;
}
