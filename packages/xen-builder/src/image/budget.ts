import { XlfsError } from '@xlfs/core';
import type { OwnedFile } from './report.ts';

const MIB = 1 << 20;

/**
 * Holds what is loaded at boot to a limit.
 *
 * @param payload bytes by name of the part
 * @param files what the image holds, to name the biggest
 * @throws XlfsError `BUDGET_EXCEEDED` with each part's size, the biggest files and their recipes.
 */
export function holdToBudget(payload: Readonly<Record<string, number>>, files: readonly OwnedFile[], limitMiB: number): void {
  const total = Object.values(payload).reduce((sum, size) => sum + size, 0);
  if (total <= limitMiB * MIB) return;
  const parts = Object.entries(payload).map(([name, size]) => `  ${name}: ${mebibytes(size)}`);
  const biggest = [...files].sort((a, b) => b.size - a.size).slice(0, 10);
  throw new XlfsError(
    'BUDGET_EXCEEDED',
    [
      `dom0 takes ${mebibytes(total)} to boot, and its budget is ${String(limitMiB)} MiB`,
      ...parts,
      'the biggest files of the initramfs, unpacked:',
      ...biggest.map(({ path, size, owner }) => `  ${mebibytes(size)} ${path} (${owner})`),
    ].join('\n'),
    { hint: 'take a program out of dom0 (`xlfs why PATH` says what pulled a file in), or raise the budget in the project file' },
  );
}

function mebibytes(size: number): string {
  return `${(size / MIB).toFixed(2)} MiB`;
}
