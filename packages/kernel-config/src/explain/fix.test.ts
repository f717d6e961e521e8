import { expect, it } from 'vitest';

import { Configuration } from '../kconfig/configuration.ts';
import { readUserValues } from '../kconfig/read-config.ts';
import type { KconfigTree } from '../kconfig/tree.ts';
import { treeOf } from '../test/small-tree.ts';
import { fix } from './fix.ts';
import { settingsText } from './merge.ts';

/** Numbers that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

const NAMES = ['A', 'B', 'C', 'D', 'E'];

/** A tree of five symbols that depend on, select, imply and follow each other, some of them without a prompt. */
function randomTree(next: (below: number) => number): string {
  const pick = (names: readonly string[]): string => names[next(names.length)]!;
  const condition = (earlier: readonly string[]): string => {
    const term = (): string => `${next(3) === 0 ? '!' : ''}${pick(earlier)}`;
    return [term, () => `${term()} && ${term()}`, () => `${term()} || ${term()}`, () => `${pick(earlier)} = m`][next(4)]!();
  };
  const entry = (name: string, at: number): string => {
    const earlier = NAMES.slice(0, at);
    const later = NAMES.slice(at + 1);
    const some = (line: () => string): string => (next(3) === 0 ? line() : '');
    const onlyIf = (): string => (earlier.length > 0 && next(2) === 0 ? ` if ${condition(earlier)}` : '');
    return [
      `config ${name}\n\t${next(2) === 0 ? 'bool' : 'tristate'}${next(4) === 0 ? '' : ` "${name}"${next(4) === 0 ? onlyIf() : ''}`}\n`,
      earlier.length === 0 ? '' : some(() => `\tdepends on ${condition(earlier)}\n`),
      some(() => `\tdefault ${['y', 'm', ...earlier][next(2 + earlier.length)]!}${onlyIf()}\n`),
      later.length === 0 ? '' : some(() => `\tselect ${pick(later)}${onlyIf()}\n`),
      later.length === 0 ? '' : some(() => `\timply ${pick(later)}${onlyIf()}\n`),
    ].join('');
  };
  const modules = 'config MODULES\n\tbool "modules"\n\tmodules\n';
  const entries = NAMES.map(entry);
  const isChoice = next(4) === 0;
  const choice = 'choice\n\tprompt "p"\nconfig P\n\tbool "P"\nconfig Q\n\tbool "Q"\n\tdepends on A\nendchoice\n';
  return `${modules}${entries.join('')}${isChoice ? choice : ''}`;
}

function valuesOf(tree: KconfigTree, name: string): readonly string[] {
  return tree.symbols.find(name)!.type === 'bool' ? ['y', 'n'] : ['y', 'm', 'n'];
}

function holds(tree: KconfigTree, settings: ReadonlyMap<string, string>, wishes: ReadonlyMap<string, string>): boolean {
  const configuration = new Configuration(tree);
  readUserValues(configuration, settingsText(settings), { file: 'config' });
  configuration.compute(tree.modules);
  return [...wishes].every(([name, wanted]) => configuration.text(tree.symbols.find(name)!) === wanted);
}

/** How few settings of those with a prompt make the wishes hold, by trying all; undefined if none do. */
function fewest(tree: KconfigTree, wishes: ReadonlyMap<string, string>): number | undefined {
  const settable = ['MODULES', ...NAMES, 'P', 'Q'].filter((name) =>
    tree.symbols.find(name)?.properties.some(({ text }) => text !== undefined),
  );
  let sets: ReadonlyMap<string, string>[] = [new Map()];
  for (const name of settable)
    sets = sets.flatMap((set) => [set, ...valuesOf(tree, name).map((value) => new Map([...set, [name, value]]))]);
  return sets.sort((a, b) => a.size - b.size).find((set) => holds(tree, set, wishes))?.size;
}

/** Two values that the symbols of a tree might have, whether they can or not. */
function randomWishes(next: (below: number) => number, tree: KconfigTree): Map<string, string> {
  const wishes = new Map<string, string>();
  while (wishes.size < 2) {
    const name = NAMES[next(NAMES.length)]!;
    const values = valuesOf(tree, name);
    wishes.set(name, values[next(values.length)]!);
  }
  return wishes;
}

it('finds what trying every configuration finds: as few changes, and no conflict where there is a way', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const next = numbers(seed);
    const text = randomTree(next);
    const tree = treeOf(text);
    const wishes = randomWishes(next, tree);
    const result = fix({ tree, config: '', wishes: Object.fromEntries(wishes) });
    const best = fewest(tree, wishes);
    const found = result.possible ? result.changes.size : undefined;
    expect({ seed, text, wishes, changes: found }).toEqual({ seed, text, wishes, changes: best });
    if (result.possible) expect(holds(tree, result.changes, wishes)).toBe(true);
    else expect(result.exhaustive).toBe(true);
  }
});

it('reaches a number beyond its range through what moves the bound', () => {
  const tree = treeOf(
    'config BIG\n\tbool "big"\nconfig MOST\n\tint\n\tdefault 512 if BIG\n\tdefault 64\nconfig N\n\tint "n"\n\trange 2 MOST\n\tdefault 8\n',
  );
  expect(fix({ tree, config: '', wishes: { N: '100' } })).toEqual({
    possible: true,
    changes: new Map([
      ['N', '100'],
      ['BIG', 'y'],
    ]),
  });
  expect(fix({ tree, config: '', wishes: { N: '1000' } })).toMatchObject({
    possible: false,
    conflict: [{ symbol: 'N' }],
    reasons: ['1000 is outside 2 to 64.'],
    exhaustive: true,
  });
});

it('says so where it cannot try every number', () => {
  const tree = treeOf('config N\n\tint "n"\nconfig A\n\tbool "a"\n\tdepends on N > 3 && N < 2\n');
  expect(fix({ tree, config: '', wishes: { A: 'y' } })).toMatchObject({ possible: false, exhaustive: false });
});

it('keeps strings in quotes', () => {
  const tree = treeOf('config A\n\tbool "a"\nconfig S\n\tstring "s"\n\tdepends on A\n');
  expect(fix({ tree, config: '', wishes: { CONFIG_S: '"x y"' } })).toEqual({
    possible: true,
    changes: new Map([
      ['S', '"x y"'],
      ['A', 'y'],
    ]),
  });
});
