import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto';
import { createReadStream } from 'node:fs';
import { XlfsError } from '@xlfs/core';
import { proceed } from '../store/interrupt.ts';
import { blake2b256 } from './blake2b.ts';

/** minisign's formats (https://jedisct1.github.io/minisign/): ed25519 over the BLAKE2b-512 of the file ("ED", prehashed). */
export interface PublicKey {
  /** Eight bytes that tell keys apart, as minisign prints them: 16 hex digits. */
  readonly id: string;
  readonly key: KeyObject;
}

export interface SecretKey extends PublicKey {
  readonly secret: KeyObject;
}

export interface Verdict {
  readonly keyId: string;
  readonly trustedComment: string;
}

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export function newKey(): SecretKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { id: idText(randomBytes(8)), key: publicKey, secret: privateKey };
}

/** The file that `minisign -p` reads. */
export function formatPublicKey(key: PublicKey): string {
  const bytes = Buffer.concat([Buffer.from('Ed'), idBytes(key.id), rawPublic(key.key)]);
  return `untrusted comment: minisign public key ${key.id}\n${bytes.toString('base64')}\n`;
}

/** The file that `minisign -W -s` reads: a key without a password. Keep it to its owner (mode 600). */
export function formatSecretKey({ id, key, secret }: SecretKey): string {
  const pair = Buffer.concat([rawSeed(secret), rawPublic(key)]);
  const checksum = blake2b256(Buffer.concat([Buffer.from('Ed'), idBytes(id), pair]));
  // Signature algorithm, no key derivation ("\0\0"), BLAKE2b checksum; salt and limits are not used.
  const bytes = Buffer.concat([
    Buffer.from('Ed'),
    Buffer.from([0, 0]),
    Buffer.from('B2'),
    Buffer.alloc(32 + 8 + 8),
    idBytes(id),
    pair,
    checksum,
  ]);
  return `untrusted comment: minisign secret key ${id}\n${bytes.toString('base64')}\n`;
}

/** A key line, or a whole minisign.pub. @throws USAGE when it is none. */
export function parsePublicKey(text: string): PublicKey {
  const line = lines(text).find((candidate) => !/^untrusted comment:/i.test(candidate)) ?? '';
  const bytes = base64(line, 42);
  if (bytes?.toString('latin1', 0, 2) !== 'Ed')
    throw new XlfsError('USAGE', 'this is not a minisign public key', { hint: 'It starts with RWQ…' });
  return { id: idText(bytes.subarray(2, 10)), key: publicOf(bytes.subarray(10)) };
}

/** @throws USAGE when it is none, or is locked with a password. */
export function parseSecretKey(text: string): SecretKey {
  const bytes = base64(lines(text)[1] ?? '', 158);
  if (bytes?.toString('latin1', 0, 2) !== 'Ed') throw new XlfsError('USAGE', 'this is not a minisign secret key');
  if (bytes.readUInt16LE(2) !== 0) {
    throw new XlfsError('USAGE', 'this secret key is locked with a password', {
      hint: 'Sign with minisign itself, or make a key with minisign -G -W.',
    });
  }
  const id = bytes.subarray(54, 62);
  const seed = bytes.subarray(62, 94);
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  return { id: idText(id), secret, key: createPublicKey(secret) };
}

/** The content of `FILE.minisig`. @param trustedComment one line; it is signed, too. */
export async function signFile(path: string, key: SecretKey, trustedComment: string): Promise<string> {
  if (/[\r\n]/.test(trustedComment)) throw new XlfsError('USAGE', 'a trusted comment is one line');
  const signature = sign(null, await prehash(path), key.secret);
  const global = sign(null, Buffer.concat([signature, Buffer.from(trustedComment)]), key.secret);
  const body = Buffer.concat([Buffer.from('ED'), idBytes(key.id), signature]);
  return [
    'untrusted comment: signature from xlfs',
    body.toString('base64'),
    `trusted comment: ${trustedComment}`,
    global.toString('base64'),
    '',
  ].join('\n');
}

/**
 * Check a file against the content of its `.minisig` and the keys that are trusted. Both forms that minisign writes are read: prehashed, and
 * the older one over the file itself.
 * @throws SOURCE_DIGEST when the signature is by nobody trusted, or not of this file.
 */
export async function verifyFile(path: string, signature: string, trusted: readonly PublicKey[]): Promise<Verdict> {
  const [, encoded = '', comment = '', encodedGlobal = ''] = lines(signature);
  const bytes = base64(encoded, 74);
  const global = base64(encodedGlobal, 64);
  const algorithm = bytes?.toString('latin1', 0, 2);
  if (
    bytes === undefined ||
    global === undefined ||
    !comment.startsWith('trusted comment: ') ||
    (algorithm !== 'ED' && algorithm !== 'Ed')
  ) {
    throw refused(path, 'its signature is not in the format of minisign');
  }
  const keyId = idText(bytes.subarray(2, 10));
  const key = trusted.find(({ id }) => id === keyId);
  if (key === undefined)
    throw refused(
      path,
      `it is signed by the key ${keyId}, which is not trusted`,
      'Add the public key to the trusted keys, if you know whose it is.',
    );
  const message = algorithm === 'ED' ? await prehash(path) : await whole(path);
  if (!verify(null, message, key.key, bytes.subarray(10)))
    throw refused(path, `its content is not what the key ${keyId} has signed`);
  const trustedComment = comment.slice('trusted comment: '.length);
  if (!verify(null, Buffer.concat([bytes.subarray(10), Buffer.from(trustedComment)]), key.key, global)) {
    throw refused(path, `the trusted comment of its signature is not what the key ${keyId} has signed`);
  }
  return { keyId, trustedComment };
}

/** Equal keys, compared without leaking where they differ. */
export function sameKey(a: PublicKey, b: PublicKey): boolean {
  return timingSafeEqual(rawPublic(a.key), rawPublic(b.key));
}

async function prehash(path: string): Promise<Buffer> {
  const hash = createHash('blake2b512');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    proceed();
    hash.update(chunk as Buffer);
  }
  return hash.digest();
}

async function whole(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
}

function rawSeed(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8.length);
}

function publicOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
}

/** minisign shows the eight bytes as one little-endian number. */
function idText(bytes: Uint8Array): string {
  return Buffer.from(bytes).reverse().toString('hex').toUpperCase();
}

function idBytes(id: string): Buffer {
  return Buffer.from(id, 'hex').reverse();
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '');
}

function base64(text: string, length: number): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]+=*$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === length ? bytes : undefined;
}

function refused(path: string, why: string, hint = 'Do not use it, unless you know why.'): XlfsError {
  return new XlfsError('SOURCE_DIGEST', `${path} is refused: ${why}`, { hint });
}
