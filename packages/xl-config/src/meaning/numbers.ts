import { int, uint32, uint64 } from '../schema/c.ts';
import type { Whole } from '../schema/kinds.ts';

/** A number of MiB as libxl's KiB, with C's wrap-around. */
export function kilobytes(megabytes: Whole | undefined): bigint | undefined {
  return megabytes === undefined ? undefined : uint64(BigInt(megabytes) * 1024n);
}

export function maybeInt(value: Whole | undefined): number | undefined {
  return value === undefined ? undefined : int(value);
}

export function maybeUint32(value: Whole | undefined): number | undefined {
  return value === undefined ? undefined : uint32(value);
}
