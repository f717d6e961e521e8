import { decodeTree, encodeTree } from '../../src/cache/tree-codec.ts';
import { Questions } from '../../src/conf/ask.ts';
import { setNewValues } from '../../src/conf/new-values.ts';
import { glibcRandom } from '../../src/conf/random.ts';
import { KernelConfigError } from '../../src/errors.ts';
import {
  Configuration,
  dialects,
  diffConfigs,
  explain,
  givenProber,
  readConfig,
  readTree,
  writeConfig,
  writeDefconfig,
  type DialectName,
  type KconfigTree,
} from '../../src/index.ts';
import { HelpTexts } from '../../src/kconfig/help.ts';
import { descendantsOf } from '../../src/kconfig/menu.ts';
import { LINES, SEEDS, TOKENS } from './fuzz-seeds.ts';

/** Tokens that can stand for each other. */
const KINDS: readonly (readonly string[])[] = [
  ['A', 'B', 'C', 'D', 'E', 'G', 'H', 'I', 'J', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'y', 'm', 'n', 'Z'],
  ['bool', 'tristate', 'int', 'hex', 'string'],
  ['default', 'def_bool', 'def_tristate', 'select', 'imply', 'depends', 'prompt'],
  ['config', 'menuconfig'],
  ['=', '!=', '<', '<=', '>', '>=', '&&', '||'],
  ['0', '1', '7', '9', '20', '0x1f', '0xff', '-1', '99999999999999999999'],
];
const DIALECTS = Object.keys(dialects) as DialectName[];

export interface FuzzResult {
  readonly rounds: number;
  /** Mutants that were trees, and by code what the others were. */
  readonly trees: number;
  readonly errors: Readonly<Record<string, number>>;
  /** Longest time of one mutant in ms, and which it was. */
  readonly slowest: number;
  readonly slowestRound: number;
}

/** A small fast generator (mulberry32), so that a failure can be repeated. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * Reads `count` mutated trees, and works with those that are trees.
 *
 * @param onRound told the number of each round before it begins
 * @throws Error for what is not a KernelConfigError, and for errors of files that have no position
 */
export function fuzz(count: number, seed: number, onRound: (round: number) => void = () => undefined, first = 0): FuzzResult {
  const errors: Record<string, number> = {};
  let trees = 0;
  let slowest = 0;
  let slowestRound = 0;
  for (let round = first; round < first + count; round++) {
    onRound(round);
    const start = performance.now();
    const code = oneRound(seed, round);
    if (code === undefined) trees++;
    else errors[code] = (errors[code] ?? 0) + 1;
    const time = performance.now() - start;
    if (time > slowest) [slowest, slowestRound] = [time, round];
  }
  return { rounds: count, trees, errors, slowest, slowestRound };
}

/** The code of the error that a mutant ends with; undefined if it is a tree. */
function oneRound(seed: number, round: number): string | undefined {
  const random = generator(Math.imul(seed, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b));
  const { files, config, dialects: valid } = SEEDS[round % SEEDS.length]!;
  const among = random(8) === 0 ? DIALECTS : valid;
  const dialect = among[random(among.length)]!;
  const names = Object.keys(files);
  const mutated: Record<string, string> = { ...files };
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const name = names[random(names.length)]!;
    mutated[name] = mutate(mutated[name]!, random);
  }
  try {
    const tree = readTree({
      read: (name) => (Object.hasOwn(mutated, name) ? mutated[name]!.replaceAll('\0', '') : undefined),
      dialect,
      environment: { ARCH: 'x86' },
      prober: givenProber({}, (command) => (command.includes('m') ? 'm' : 'y')),
    });
    use(tree, random(3) === 0 ? mutate(config, random) : config, round);
    return undefined;
  } catch (error) {
    const what = `seed ${seed}, round ${round}, ${dialect}: ${JSON.stringify(mutated)}`;
    if (!(error instanceof KernelConfigError)) throw new Error(what, { cause: error });
    if (error.position === undefined && error.code !== 'KCONFIG_TOO_DEEP')
      throw new Error(`no position: ${error.message}: ${what}`, { cause: error });
    return error.code;
  }
}

/** All that can be done with a tree; the dearer half of it in every eighth round. */
function use(tree: KconfigTree, config: string, round: number): void {
  const configuration = new Configuration(tree);
  readConfig(configuration, config, { file: 'c' });
  const written = writeConfig(configuration);
  if (round % 8 !== 0) return;
  writeDefconfig(configuration);
  const encoded = encodeTree(tree);
  if (encoded !== undefined) {
    const again = new Configuration(decodeTree(encoded, tree.dialect));
    readConfig(again, config, { file: 'c' });
    if (writeConfig(again) !== written) throw new Error('a tree that was kept gives another configuration');
  }
  const values = ['yes', 'no', 'mod', 'default'] as const;
  const fresh = new Configuration(tree);
  const probability = { boolYes: 50, tristateYes: 33, tristateMod: 33 };
  setNewValues(fresh, round % 5 === 4 ? { random: glibcRandom(round), probability } : values[round % 5]!);
  const other = writeConfig(fresh);
  const help = new HelpTexts(fresh);
  for (const menu of descendantsOf(tree.root)) {
    help.entry(menu, 'CONFIG_');
    if (menu.symbol?.name !== undefined && !menu.symbol.isChoice && !menu.symbol.isConstant)
      explain(fresh, menu.symbol.name, 'y');
  }
  diffConfigs(tree, written, other);
  const asked = new Configuration(tree);
  readConfig(asked, config, { file: 'c' });
  const answers = ['y\n', '\n', '2\n', '?\n', 'n\n', '0x12\n', '\n'];
  let left = 200;
  const questions = new Questions({
    configuration: asked,
    help: new HelpTexts(asked),
    input: { next: () => (left-- > 0 ? answers[left % answers.length] : undefined) },
    print: () => undefined,
    printError: () => undefined,
    echo: true,
    prefix: 'CONFIG_',
  });
  try {
    questions.askAll();
    questions.askNew('new');
  } catch (error) {
    // Questions that no answer ends are told as such, without a place: they are not about a file.
    if (!(error instanceof KernelConfigError)) throw error;
  }
}

/** One change: to a token or a line mostly, to bytes now and then. */
function mutate(text: string, random: (below: number) => number): string {
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;
  const lines = text.split('\n');
  const at = random(lines.length);
  switch (random(10)) {
    case 0: // A line goes.
      lines.splice(at, 1);
      break;
    case 1: // A line comes twice.
      lines.splice(random(lines.length), 0, lines[at]!);
      break;
    case 2: // Two lines change places.
      [lines[at], lines[random(lines.length)]] = [lines[random(lines.length)]!, lines[at]!];
      break;
    case 3:
      lines.splice(at, 0, pick(LINES));
      break;
    case 4: {
      // An expression grows.
      lines[at] = lines[at]!.replace(
        /(?<=(depends on|if|default) )(.+)/,
        `($2) ${pick(['&&', '||'])} ${pick(['!', ''])}${pick(TOKENS)}`,
      );
      break;
    }
    case 5: {
      // Bytes.
      const from = random(text.length + 1);
      return text.slice(0, from) + (random(2) === 0 ? pick(TOKENS) : '') + text.slice(from + random(4));
    }
    default: {
      // A token becomes another one, mostly of its own kind.
      const tokens = lines[at]!.split(/(\s+|"[^"]*"|[()!=<>&|]+)/);
      const place = random(tokens.length);
      const old = tokens[place]!;
      const alike = KINDS.find((kind) => kind.includes(old)) ?? TOKENS;
      if (old.trim() !== '') tokens[place] = pick(random(6) === 0 ? TOKENS : alike);
      lines[at] = tokens.join('');
    }
  }
  return lines.join('\n');
}
