import { existsSync } from 'node:fs';
import { access, chmod, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { writeAtomic } from '../store/atomic.ts';
import { interruptible, type Interruptible } from '../store/interrupt.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';
import {
  formatPublicKey,
  formatSecretKey,
  newKey,
  parsePublicKey,
  parseSecretKey,
  sameKey,
  signFile,
  verifyFile,
  type PublicKey,
  type Verdict,
} from './minisign.ts';

/** The one file with all keys that are trusted: one public key a line, what follows `#` is for people. */
export function trustedKeysPath(store: RootfsStore): string {
  return join(store.root, 'trusted-keys');
}

/** @throws USAGE naming the line that is no key. */
export async function readTrustedKeys(path: string): Promise<PublicKey[]> {
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  return text.split('\n').flatMap((line, index) => {
    const key = line.replace(/#.*$/, '').trim();
    if (key === '' || /^untrusted comment:/i.test(key)) return [];
    try {
      return [parsePublicKey(key)];
    } catch (cause) {
      throw new XlfsError('USAGE', `${path}:${String(index + 1)} is not a minisign public key`, { cause });
    }
  });
}

/** Add a key to the trusted ones; one that is there already is left as it is. */
export async function trustKey(path: string, key: PublicKey, comment: string): Promise<void> {
  if (/[\r\n]/.test(comment)) throw new XlfsError('USAGE', 'a comment is one line');
  const known = await readTrustedKeys(path);
  if (known.some((one) => sameKey(one, key))) return;
  const before = existsSync(path) ? await readFile(path, 'utf8') : '';
  const line = `${formatPublicKey(key).split('\n')[1] ?? ''} # ${comment}\n`;
  await mkdir(dirname(path), { recursive: true });
  await writeAtomic(path, (temporary) => writeFile(temporary, before + line, { flag: 'wx' }));
}

/** Make a key pair as `PATH` (mode 600) and `PATH.pub`. @throws USAGE when the secret key's file exists. */
export async function makeKey(path: string): Promise<PublicKey> {
  const key = newKey();
  await writeAtomic(
    path,
    async (temporary) => {
      await writeFile(temporary, formatSecretKey(key), { flag: 'wx', mode: 0o600 });
      await chmod(temporary, 0o600);
    },
    { exclusive: true },
  );
  await writeAtomic(`${path}.pub`, (temporary) => writeFile(temporary, formatPublicKey(key), { flag: 'wx' }));
  return key;
}

/** Sign files with the key in `keyPath`: each gets a `.minisig` beside it. @throws USAGE naming what is not there or cannot be read. */
export async function signFiles(
  files: readonly string[],
  keyPath: string,
  comment?: string,
  { signal }: Interruptible = {},
): Promise<string[]> {
  return await interruptible(signal, () => signAll(files, keyPath, comment));
}

async function signAll(files: readonly string[], keyPath: string, comment: string | undefined): Promise<string[]> {
  const key = parseSecretKey(await existing(keyPath, () => readFile(keyPath, 'utf8')));
  // Before the first signature is written: all of them, or none because of a name.
  for (const file of files) await existing(file, () => access(file, constants.R_OK));
  const signatures: string[] = [];
  for (const file of files) {
    const text = await existing(file, () => signFile(file, key, comment ?? `file:${file.split('/').at(-1) ?? ''}`));
    await writeAtomic(`${file}.minisig`, (temporary) => writeFile(temporary, text, { flag: 'wx' }));
    signatures.push(`${file}.minisig`);
  }
  return signatures;
}

/**
 * Check a file against the `.minisig` beside it.
 * @throws SOURCE_DIGEST when there is none, or it is not by a trusted key, or not of this file.
 */
export async function requireSignature(
  file: string,
  trusted: readonly PublicKey[],
  signature = `${file}.minisig`,
  { signal }: Interruptible = {},
): Promise<Verdict> {
  if (!existsSync(signature)) {
    throw new XlfsError('SOURCE_DIGEST', `${file} is not signed: there is no ${signature}`, {
      hint: 'Sign it with xlfs rootfs sign, or say that it may be unsigned.',
    });
  }
  return await existing(file, () =>
    interruptible(signal, async () => verifyFile(file, await readFile(signature, 'utf8'), trusted)),
  );
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

async function existing<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const why = UNREADABLE[(cause as NodeJS.ErrnoException).code ?? ''];
    if (why === undefined) throw cause;
    throw new XlfsError('USAGE', `cannot read ${file}: ${why}`, { cause });
  }
}
