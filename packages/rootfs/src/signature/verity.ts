import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { XlfsError } from '@xlfs/core';
import { uuidFrom } from '../image/uuid.ts';
import { writeAtomic } from '../store/atomic.ts';
import { collect, requireSuccess } from '../tree/process.ts';

export interface VerityTree {
  readonly data: string;
  readonly hashes: string;
  /** Hex: the one value that stands for every byte of the image. */
  readonly rootHash: string;
  readonly salt: string;
  readonly uuid: string;
  readonly dataBlocks: number;
}

/**
 * Write the dm-verity hash tree of a read-only image (sha256, 4096-byte blocks). Salt and uuid come from the image's own name-free identity, so
 * that the same image has the same root hash.
 * @throws USAGE when the image is not a whole number of 4096-byte blocks.
 */
export async function writeVerity(image: string, hashes: string, options: { readonly salt?: string } = {}): Promise<VerityTree> {
  const { size } = await stat(image);
  if (size === 0 || size % 4096 !== 0)
    throw new XlfsError('USAGE', `${image} is not made of 4096-byte blocks`, { hint: 'Only disk images can have a hash tree.' });
  const salt =
    options.salt ??
    createHash('sha256')
      .update(`xlfs verity ${String(size)}`)
      .digest('hex');
  if (!/^([0-9a-f]{2}){1,256}$/.test(salt)) throw new XlfsError('USAGE', 'a salt is 1 to 256 bytes in hex');
  const uuid = uuidFrom('verity', String(size), salt);
  const rootHash = await writeAtomic(hashes, async (temporary) => {
    const done = await run(['format', '--salt', salt, '--uuid', uuid, '--hash', 'sha256', image, temporary]);
    const found = /^Root hash:\s+([0-9a-f]{64})$/m.exec(done);
    if (found?.[1] === undefined) throw new XlfsError('ASSEMBLY_FAILED', 'veritysetup did not say the root hash');
    return found[1];
  });
  return { data: image, hashes, rootHash, salt, uuid, dataBlocks: size / 4096 };
}

/** Check every block of an image against its hash tree, without device-mapper. @throws STORE_CORRUPT when one differs. */
export async function verifyVerity(image: string, hashes: string, rootHash: string): Promise<void> {
  if (!/^[0-9a-f]{64}$/.test(rootHash)) throw new XlfsError('USAGE', 'a root hash is 64 hex digits');
  const child = spawn('veritysetup', ['verify', image, hashes, rootHash], environment());
  const done = await collect(child, 'veritysetup');
  if (done.code === 0) return;
  throw new XlfsError('STORE_CORRUPT', `${image} is not what its hash tree says: ${done.stderr.trim().split('\n')[0] ?? ''}`, {
    hint: 'Make the image again.',
  });
}

/** Words for the kernel's command line or dmsetup: what `dm-mod.create=` needs to open the image read-only. */
export async function verityTable(
  tree: VerityTree,
  devices: { readonly data: string; readonly hashes: string },
): Promise<string> {
  const superblock = await readFile(tree.hashes);
  if (superblock.toString('latin1', 0, 6) !== 'verity') throw new XlfsError('STORE_CORRUPT', `${tree.hashes} is not a hash tree`);
  const sectors = tree.dataBlocks * 8;
  return `0 ${String(sectors)} verity 1 ${devices.data} ${devices.hashes} 4096 4096 ${String(tree.dataBlocks)} 1 sha256 ${tree.rootHash} ${tree.salt}`;
}

async function run(args: readonly string[]): Promise<string> {
  return requireSuccess(await collect(spawn('veritysetup', args, environment()), 'veritysetup')).stdout.toString('utf8');
}

function environment(): { env: NodeJS.ProcessEnv; stdio: ['ignore', 'pipe', 'pipe'] } {
  return {
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  };
}
