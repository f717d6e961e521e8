import fc from 'fast-check';
import { expect, test } from 'vitest';
import { XlfsError } from '../../errors.ts';
import { craftedTar } from '../testing/crafted-tar.ts';
import { Admission } from './admission.ts';
import { canonicalHeader } from './canonical-header.ts';
import type { ArchiveEntry } from './entry.ts';
import { ArchiveScanner } from './scanner.ts';

const limits = { maxBytes: 1 << 20, maxEntries: 1000 };

/** The entries that would be unpacked, and the bytes of their content. */
function admitted(bytes: Buffer, chunk = bytes.length): { entries: ArchiveEntry[]; content: number } {
  const scanner = new ArchiveScanner();
  const admission = new Admission(limits);
  const entries: ArchiveEntry[] = [];
  let content = 0;
  for (let at = 0; at < bytes.length; at += chunk) {
    for (const item of scanner.push(bytes.subarray(at, at + chunk))) {
      if ('content' in item) content += item.content.length;
      else entries.push(...[admission.admit(item.entry)].filter((entry) => entry !== undefined));
    }
  }
  scanner.end();
  return { entries, content };
}

const sample = craftedTar([
  { path: 'pkg/', type: 'Directory' },
  { path: 'pkg/a.c', content: 'int main;' },
  { path: 'x', content: 'long', pax: { path: `pkg/${'n'.repeat(150)}` } },
  { path: 'pkg/link', type: 'SymbolicLink', linkpath: 'a.c' },
  { path: 'pkg/hard', type: 'Link', linkpath: 'pkg/a.c' },
]);

test('an archive reads the same however the stream is cut', () => {
  const whole = admitted(sample);
  expect(whole.entries.map(({ path }) => path)).toEqual(['pkg', 'pkg/a.c', `pkg/${'n'.repeat(150)}`, 'pkg/link', 'pkg/hard']);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), (chunk) => void expect(admitted(sample, chunk)).toEqual(whole)),
    { numRuns: 60 },
  );
});

test('whatever is changed in an archive, what is admitted stays inside, and a refusal is an error of ours', () => {
  const change = fc.tuple(
    fc.nat(sample.length - 1),
    fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('./\0 7x\xff', 'latin1'))),
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.boolean(), (changes, mend) => {
      const bytes = Buffer.from(sample);
      for (const [at, value] of changes) bytes[at] = value;
      if (mend) mendChecksums(bytes);
      try {
        for (const { path, type, target } of admitted(bytes).entries) {
          expect(path.startsWith('/') || path.split('/').includes('..') || path === '').toBe(false);
          if (type === 'hardlink') expect(target.startsWith('/') || target.split('/').includes('..')).toBe(false);
        }
      } catch (error) {
        if (!(error instanceof XlfsError)) throw error;
        refused++;
      }
    }),
    { numRuns: 4000 },
  );
  expect(refused).toBeGreaterThan(500);
});

test('what is handed to tar reads back as what was admitted', () => {
  const name = fc
    .string({ unit: fc.constantFrom(...'abc-_é漢 '), minLength: 1, maxLength: 120 })
    .filter((text) => Buffer.byteLength(text) <= 255 && text.trim() !== '');
  const entry = fc.record({
    type: fc.constantFrom('file' as const, 'directory' as const, 'symlink' as const),
    path: fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
    mode: fc.constantFrom(0o644, 0o755),
    mtime: fc.nat(2 ** 33 - 1),
    target: name,
  });
  fc.assert(
    fc.property(entry, ({ target, ...fields }) => {
      const wanted: ArchiveEntry = {
        ...fields,
        mode: fields.type === 'directory' ? 0o755 : fields.mode,
        size: 0,
        target: fields.type === 'symlink' ? target : '',
      };
      const { entries } = admitted(Buffer.concat([canonicalHeader(wanted), Buffer.alloc(1024)]));
      expect(entries).toEqual([wanted]);
    }),
    { numRuns: 500 },
  );
});

/** Gives every block that looks like a header its right checksum, so that changes get past it. */
function mendChecksums(bytes: Buffer): void {
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    const block = bytes.subarray(at, at + 512);
    if (block.toString('latin1', 257, 262) !== 'ustar') continue;
    block.write('        ', 148, 'latin1');
    let sum = 0;
    for (const byte of block) sum += byte;
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
}
