import { mutate, type Random } from './random.ts';

const NAMES = ['name', 'memory', 'vcpus', 'disk', 'vif', 'a', 'a.b', 'x_1', 'z9._'];
const ATOMS = [
  '1',
  '010',
  '0x1f',
  '9ff',
  '""',
  "''",
  '"a b"',
  "'it\\'s'",
  '"\\n\\t\\\\"',
  '"\\x41"',
  '"\\012"',
  '"\\07"',
  '"\\1"',
  '"\\0 12"',
  '"\\q"',
  '"#;"',
  '"caf\xe9"',
];
const ENDS = ['\n', '\n\n', ';', '; ', ' # note\n', '\n# note\n', '\r\n', '', ' \t\n'];
/** What mutations are made of: every character that means something, and the usual mistakes. */
export const PIECES = [
  '=',
  '+=',
  '[',
  ']',
  ',',
  ';',
  '\n',
  '#',
  '"',
  "'",
  '\\',
  '\\x41',
  '\\012',
  '\\7',
  ' ',
  '\t',
  '\r',
  '\0',
  '-1',
  '1.5',
  'True',
  'None',
  '+',
  ':',
  '(',
  ')',
  'a',
  '0',
  '0x',
  '# x\n',
  '[,]',
  '[]',
  '[1,]',
  'A',
];

/** A random configuration: mostly valid, with nested lists, comments, both operators; about half are mutated. */
export function configText(random: Random): string {
  const text = random
    .times(5, () => random.pick(NAMES) + random.pick([' = ', '=', ' += ', '+=']) + value(random, 0) + random.pick(ENDS))
    .join('');
  return random.chance(50) ? mutate(text, random, PIECES) : text;
}

function value(random: Random, depth: number): string {
  if (depth > 3 || random.chance(60)) return random.pick(ATOMS);
  const gap = (): string => random.pick(['', '', ' ', '\n', ' # c\n', '\n\n']);
  const items = random.times(4, () => gap() + value(random, depth + 1) + gap());
  return `[${items.join(',')}${items.length > 0 && random.chance(20) ? `,${gap()}` : ''}]`;
}
