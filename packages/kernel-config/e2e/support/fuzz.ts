import { KernelConfigError } from '../../src/errors.ts';
import { Configuration, givenProber, readConfig, readTree, writeConfig, type DialectName } from '../../src/index.ts';

const SEEDS = [
  'mainmenu "m"\nconfig A\n\tbool "a" if D\n\tdefault y if D = "x"\n\tselect E\n\timply C\n\thelp\n\t  text\n\n\t  more\nconfig B\n\ttristate "b"\n\tdepends on A || m\n',
  'choice\n\tprompt "c"\n\tdefault B\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on D != n\nendchoice\nmenu "x"\n\tvisible if A\nconfig N\n\tint "n"\n\trange 1 0x10\n\tdefault 3 if (A || B) && !D\nendmenu\n',
  'x := $(shell,echo y)\nf = $(if,$(1),$(2))\nif $(x)\nconfig $(f,a,Q)\n\thex "q"\n\tdefault 0xff\nendif\ncomment "c"\n\tdepends on Q < 10\nmenuconfig Z\n\tstring "z$(x)"\nsource "b"\n',
];
const PIECES = [
  '"',
  "'",
  '\\',
  '$(',
  ')',
  '(',
  '\n',
  '\t',
  '!',
  '&&',
  '||',
  '=',
  '!=',
  '<',
  'if ',
  'endif',
  'choice',
  'endchoice',
  'config A',
  'depends on ',
  'select ',
  'help\n',
  'source "Kconfig"',
  '$(shell,x)',
  '+=',
  ':=',
  '\0',
  '\r',
  'é',
  '-',
  'default ',
  'range 1 2',
  'transitional',
  'modules',
  'optional',
  'y',
  '0x',
];
const DIALECTS: DialectName[] = ['linux-4.17', 'linux-5.4', 'linux-6.1', 'linux-6.12', 'linux-7'];

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

/** Reads `count` mutated trees. Throws what is not a KernelConfigError, and errors of files that have no position. */
export function fuzz(count: number, seed: number): { trees: number; errors: number; slowest: number } {
  const random = generator(seed);
  const result = { trees: 0, errors: 0, slowest: 0 };
  for (let round = 0; round < count; round++) {
    const text = mutate(SEEDS[round % SEEDS.length]!, random);
    const start = performance.now();
    try {
      const dialect = DIALECTS[random(DIALECTS.length)]!;
      const files: Record<string, string> = { Kconfig: text, b: 'config E\n\tbool "e"\n' };
      const tree = readTree({
        read: (name) => (Object.hasOwn(files, name) ? files[name]!.replaceAll('\0', '') : undefined),
        dialect,
        prober: givenProber({}, () => 'y'),
      });
      const configuration = new Configuration(tree);
      readConfig(configuration, mutate('CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_N=7\nCONFIG_Z="q"\n', random), { file: 'c' });
      writeConfig(configuration);
      result.trees++;
    } catch (error) {
      if (!(error instanceof KernelConfigError))
        throw new Error(`seed ${seed}, round ${round}: ${JSON.stringify(text)}`, { cause: error });
      if (error.position === undefined && error.code !== 'KCONFIG_TOO_DEEP')
        throw new Error(`no position: ${error.message}`, { cause: error });
      result.errors++;
    }
    result.slowest = Math.max(result.slowest, performance.now() - start);
  }
  return result;
}

function mutate(text: string, random: (below: number) => number): string {
  let result = text;
  for (let change = random(4) + 1; change > 0; change--) {
    const at = random(result.length + 1);
    const length = random(12);
    const kind = random(3);
    const piece =
      kind === 0
        ? ''
        : kind === 1
          ? PIECES[random(PIECES.length)]!
          : result.slice(random(result.length + 1)).slice(0, random(60));
    result = result.slice(0, at) + piece + result.slice(kind === 2 ? at : at + length);
  }
  return result;
}
