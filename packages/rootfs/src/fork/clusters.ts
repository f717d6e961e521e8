import { closeSync, openSync, readSync } from 'node:fs';
import type { BlockChanges } from '../image/ext4/edit.ts';

/** Bytes of a cluster of an edited child: an edit touches blocks here and there, and each brings its cluster along. */
export const CLUSTER = 1 << 14;

/** Whole clusters of a disk with changed blocks in them, by number. */
export function clustersOf(disk: string, changes: BlockChanges): Map<number, Buffer> {
  const clusters = new Map<number, Buffer>();
  const fd = openSync(disk, 'r');
  try {
    for (const [block, bytes] of changes) {
      const at = block * bytes.length;
      const number = Math.floor(at / CLUSTER);
      let cluster = clusters.get(number);
      if (cluster === undefined) {
        cluster = Buffer.alloc(CLUSTER);
        readSync(fd, cluster, 0, CLUSTER, number * CLUSTER);
        clusters.set(number, cluster);
      }
      bytes.copy(cluster, at - number * CLUSTER);
    }
  } finally {
    closeSync(fd);
  }
  return clusters;
}
