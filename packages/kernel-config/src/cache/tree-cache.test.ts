import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Configuration, readConfig, readTree, writeConfig, type KconfigTree, type Prober } from '../index.ts';

/** A tree on disk that asks for a file, a variable and a command. */
const KCONFIG =
  'mainmenu "kept"\n$(info,hello)\nconfig A\n\tbool "a $(NAME)"\n\tdefault $(shell,ask)\n\thelp\n\t  text\nsource "sub/Kconfig"\n';
const SUB =
  'choice\n\tprompt "c"\nconfig X\n\tbool "x"\nconfig Y\n\tbool "y"\n\tselect Z if A\nendchoice\nconfig Z\n\tbool\nconfig N\n\tint "n"\n\trange 1 9\n\tdefault 3 if A\n';

let folder: string;
let answers: string;
let asked: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xlfs-tree-cache-'));
  mkdirSync(join(folder, 'tree/sub'), { recursive: true });
  put('Kconfig', KCONFIG);
  put('sub/Kconfig', SUB);
  answers = 'y';
  asked = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file and gives it an age at which its time stamp can be trusted. */
function put(name: string, text: string, age = 100): void {
  const path = join(folder, 'tree', name);
  writeFileSync(path, text);
  const time = Date.now() / 1000 - age;
  utimesSync(path, time, time);
}

function read(environment: Record<string, string> = { NAME: 'one' }): { tree: KconfigTree; info: string[] } {
  const prober: Prober = {
    start: () => {
      asked++;
      return answers;
    },
    wait: () => '',
    close: () => undefined,
  };
  const info: string[] = [];
  const tree = readTree({
    tree: join(folder, 'tree'),
    dialect: 'linux-6.12',
    environment,
    prober,
    cacheFolder: join(folder, 'cache'),
    info: (text) => info.push(text),
  });
  return { tree, info };
}

function configOf(tree: KconfigTree, text = 'CONFIG_Y=y\n'): string {
  const configuration = new Configuration(tree);
  readConfig(configuration, text, { file: 'c' });
  return writeConfig(configuration);
}

const keptFiles = (): string[] => readdirSync(join(folder, 'cache/trees')).map((name) => join(folder, 'cache/trees', name));

describe('a kept tree', () => {
  it('gives the same configuration, prints the same and is used although nothing is parsed', () => {
    const first = read();
    const size = () => first.tree.symbols.all().length;
    expect(keptFiles()).toHaveLength(1);
    // What is kept can be told from what the files say: the file is changed behind the cache's back, stamp and all.
    const before = readFileSync(keptFiles()[0]!);
    const second = read();
    expect(second.info).toEqual(first.info);
    expect(second.tree.symbols.all()).toHaveLength(size());
    expect(configOf(second.tree)).toBe(configOf(first.tree));
    expect(second.tree.root.prompt?.text).toBe('kept');
    expect(second.tree.symbols.find('A')?.definitions[0]?.help).toBe('text');
    expect(readFileSync(keptFiles()[0]!)).toEqual(before);
  });

  it.each([
    ['a file changed', () => put('sub/Kconfig', SUB.replace('default 3', 'default 5'), 50), 'CONFIG_N=5'],
    ['a file changed, with the size and time that it had', () => sameStamp(), 'CONFIG_N=4'],
    ['an answer changed', () => void (answers = 'n'), '# CONFIG_A is not set'],
  ])('is not used if %s', (_, change, expected) => {
    read();
    change();
    expect(configOf(read().tree)).toContain(expected);
  });

  /** ctime tells. */
  function sameStamp(): void {
    put('sub/Kconfig', SUB.replace('default 3', 'default 4'));
  }

  it('is not used with another environment', () => {
    read();
    expect(read({ NAME: 'two' }).tree.symbols.find('A')?.definitions[0]?.prompt?.text).toBe('a two');
    expect(read({}).tree.symbols.find('A')?.definitions[0]?.prompt?.text).toBe('a ');
  });

  it('is not used when a file that was missing is there', () => {
    const optional = {
      relativeSource: true,
      tree: join(folder, 'tree'),
      dialect: 'linux-6.12',
      cacheFolder: join(folder, 'cache'),
    } as const;
    const prober: Prober = { start: () => 'y', wait: () => '', close: () => undefined };
    put('Kconfig', 'osource "late"\nconfig A\n\tbool "a"\n');
    expect(readTree({ ...optional, prober }).symbols.find('LATE')).toBeUndefined();
    put('late', 'config LATE\n\tbool "l"\n');
    expect(readTree({ ...optional, prober }).symbols.find('LATE')).toBeDefined();
  });

  it('is looked at by content if the files are newer than can be told apart', () => {
    put('Kconfig', KCONFIG, 0);
    read();
    put('Kconfig', KCONFIG.replace('"kept"', '"next"'), 0);
    expect(read().tree.root.prompt?.text).toBe('next');
  });

  it('asks each command once a run', () => {
    read();
    asked = 0;
    read();
    expect(asked).toBe(1);
  });
});

describe('a damaged or foreign file', () => {
  it('is passed over wherever it is damaged', () => {
    const expected = configOf(read().tree);
    const [path] = keptFiles();
    const good = readFileSync(path!);
    for (let at = 0; at < good.length; at += Math.ceil(good.length / 97)) {
      const bad = Buffer.from(good);
      bad[at] = bad[at]! ^ 0x41;
      writeFileSync(path!, bad);
      expect(configOf(read().tree)).toBe(expected);
      writeFileSync(path!, good.subarray(0, at));
      expect(configOf(read().tree)).toBe(expected);
    }
  });

  it('is passed over if others can write it', () => {
    read();
    const [path] = keptFiles();
    const text = readFileSync(path!);
    chmodSync(path!, 0o666);
    expect(configOf(read().tree)).toContain('CONFIG_Y=y');
    // It was written anew, by this user alone.
    expect(readFileSync(keptFiles()[0]!)).toEqual(text);
  });
});
