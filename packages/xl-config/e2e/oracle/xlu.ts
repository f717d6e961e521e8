import { spawnSync } from 'node:child_process';
import { compile } from './compile.ts';

export type Kind = 'config' | 'disk' | 'rate' | 'pci' | 'rdm';
const CODES: Record<Kind, string> = { config: 'C', disk: 'D', rate: 'R', pci: 'P', rdm: 'M' };

/**
 * What Debian's libxlutil makes of each input (sent as UTF-8): `null` when it refuses. One process for the batch.
 */
export function libxlutil(kind: Kind, inputs: readonly string[]): unknown[] {
  const program = compile('xlu.c', 'xlu', ['-rdynamic', '-lxlutil', '-lxenlight']);
  const parts: Buffer[] = [];
  for (const input of inputs) {
    const bytes = Buffer.from(input);
    const header = Buffer.alloc(5);
    header.write(CODES[kind], 'latin1');
    header.writeUInt32LE(bytes.length, 1);
    parts.push(header, bytes);
  }
  const run = spawnSync(program, { input: Buffer.concat(parts), maxBuffer: 2 ** 31, stdio: ['pipe', 'pipe', 'ignore'] });
  if (run.status !== 0) throw new Error(`the libxlutil oracle ended with ${run.status ?? run.signal}`);
  const lines = run.stdout.toString().split('\n').slice(0, -1);
  if (lines.length !== inputs.length) throw new Error(`${inputs.length} questions, ${lines.length} answers`);
  return lines.map((line) => JSON.parse(line) as unknown);
}
