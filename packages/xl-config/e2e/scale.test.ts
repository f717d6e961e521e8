import { expect, test } from 'vitest';
import { fromXm } from '../src/convert/xm/xm.ts';
import { format } from '../src/format/format.ts';
import { fix, lint } from '../src/lint/lint.ts';
import { parseXml } from '../src/convert/libvirt/xml.ts';

/** Texts that grow with a number, each a way in which a reader can become slow. */
const SHAPES: Readonly<Record<string, (n: number) => string>> = {
  comments: (n) => '# a comment\n'.repeat(n),
  'empty lines': (n) => '\n'.repeat(n * 10),
  'keys that are not known': (n) => Array.from({ length: n }, (_, index) => `k${index} = 1\n`).join(''),
  'one key again and again': (n) => 'memory = 1\n'.repeat(n),
  'sums of strings': (n) => 'extra += "abc"\n'.repeat(n),
  'sums of lists': (n) => 'device_model_args += ["a", "b"]\n'.repeat(n),
  'errors on each line': (n) => 'a = True\n'.repeat(n),
  'errors on one line': (n) => `a = ${'! '.repeat(n)}\n`,
  'one long string': (n) => `name = "${'\\n\\"x'.repeat(n)}"\n`,
  'quotes without an end': (n) => `a = "x\n`.repeat(n),
  'deep lists': (n) => `a = ${'['.repeat(n)}${']'.repeat(n)}\n`,
  'a list of many disks on one line': (n) => `disk = [${'"vdev=xvda,target=/x", '.repeat(n)}]\n`,
  'a list of bad disks': (n) => `disk = [${'"QCOW2", '.repeat(n)}]\n`,
  'a disk with many options': (n) => `disk = ["${'discard, '.repeat(n)}vdev=a,target=b"]\n`,
  'a disk with many prefixes': (n) => `disk = ["${'phy:'.repeat(n)}a,b,r"]\n`,
  'a vif with many options': (n) => `vif = ["${'bogus=1, '.repeat(n)}"]\n`,
  'interfaces with one address': (n) => `vif = [${'"mac=00:16:3e:00:00:01",\n'.repeat(n)}]\n`,
  'processor ranges': (n) => `vcpus = 4\ncpus = "${'0-4294967295,^1-4294967294,'.repeat(n)}0"\n`,
  'processor flags': (n) => `cpuid = "host${',fpu=1,bogus=2'.repeat(n)}"\n`,
  'processor leaves': (n) => `cpuid = [${`"1:eax=${'x'.repeat(32)}", `.repeat(n)}]\n`,
  'pci devices': (n) => `pci = [${'"03:00.0,permissive=1", '.repeat(n)}]\n`,
  'carriage returns': (n) => 'a = 1\r\n'.repeat(n),
  'bytes of no meaning': (n) => '\u0001\u00ff[=,'.repeat(n),
};

const VERBS: Readonly<Record<string, (text: string) => unknown>> = {
  lint,
  fix: (text) => fix(text),
  xm: fromXm,
  format: (text) => attempt(() => format(text)),
  xml: (text) => attempt(() => parseXml(text.replaceAll('[', '<a>').replaceAll(']', '</a>'))),
};

/** Refusing a text is as good as reading it; only the time counts here. */
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Processor time in milliseconds, the least of some runs. */
function cost(runs: number, run: () => unknown): number {
  return Math.min(
    ...Array.from({ length: runs }, () => {
      const start = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    }),
  );
}

const SIZE = 1200;

/** Eight times the text: 8 is linear, 64 quadratic. What takes no time cannot be told apart. */
function isSlow(verb: (text: string) => unknown, make: (n: number) => string, runs: number): boolean {
  const [small, large] = [make(SIZE), make(SIZE * 8)].map((text) => cost(runs, () => verb(text))) as [number, number];
  return large > 150 && large > small * 25;
}

for (const [name, verb] of Object.entries(VERBS)) {
  test(`${name} takes linear time, whatever the text is made of`, { timeout: 300_000 }, () => {
    const slow = Object.entries(SHAPES).filter(([, make]) => isSlow(verb, make, 2) && isSlow(verb, make, 7));
    expect(slow.map(([shape]) => shape)).toEqual([]);
  });
}
