import { closeSync, mkdtempSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeExt4 } from '../image/ext4/write.ts';
import { oracle, scratchFolder } from '../testing/scratch.ts';
import { file } from '../tree/entry.ts';
import { blake2b256 } from './blake2b.ts';
import { parsePublicKey, verifyFile } from './minisign.ts';
import { makeKey, readTrustedKeys, requireSignature, signFiles, trustKey } from './trust.ts';
import { verifyVerity, verityTable, writeVerity } from './verity.ts';

const scratch = scratchFolder();
const at = (name: string) => join(scratch, name);

describe('signatures', () => {
  it("are taken by Debian's minisign, with our keys", async () => {
    writeFileSync(at('image'), Buffer.alloc(3_000_000, 'image'));
    await makeKey(at('ours'));
    await signFiles([at('image')], at('ours'), 'made by the test');
    const said = oracle('minisign', '-V', '-p', at('ours.pub'), '-m', at('image'));
    expect(said).toContain('Signature and comment signature verified');
    expect(said).toContain('Trusted comment: made by the test');
    expect(statSync(at('ours')).mode & 0o777).toBe(0o600);
  });

  it('can be made by minisign with our secret key', async () => {
    writeFileSync(at('theirs-with-ours'), 'x');
    await makeKey(at('key'));
    oracle('minisign', '-S', '-W', '-s', at('key'), '-m', at('theirs-with-ours'), '-t', 'hello');
    const { trustedComment } = await requireSignature(at('theirs-with-ours'), [
      parsePublicKey(readFileSync(at('key.pub'), 'utf8')),
    ]);
    expect(trustedComment).toBe('hello');
  });

  it("of Debian's minisign are taken, prehashed and in the old form", async () => {
    oracle('minisign', '-G', '-W', '-f', '-p', at('m.pub'), '-s', at('m.key'));
    const trusted = [parsePublicKey(readFileSync(at('m.pub'), 'utf8'))];
    for (const options of [['-H'], ['-l']]) {
      writeFileSync(at('theirs'), `signed ${options.join()}`);
      oracle('minisign', '-S', '-W', ...options, '-s', at('m.key'), '-m', at('theirs'));
      expect((await requireSignature(at('theirs'), trusted)).keyId).toBe(trusted[0]?.id);
    }
  });

  it.each<readonly [string, (file: string) => void]>([
    ['the file was changed', (path) => writeFileSync(path, 'another image')],
    ['a byte was added', (path) => writeFileSync(path, `${readFileSync(path, 'utf8')}!`)],
    [
      'the trusted comment was changed',
      (path) => edit(path, (text) => text.replace('\ntrusted comment: ', '\ntrusted comment: not ')),
    ],
    ['the signature is of another file', (path) => writeFileSync(`${path}.minisig`, readFileSync(at('image.minisig')))],
    ['the signature is cut off', (path) => edit(path, (text) => text.slice(0, 80))],
    ['the signature is empty', (path) => writeFileSync(`${path}.minisig`, '')],
  ])('are refused when %s', async (_, tamper) => {
    const folder = mkdtempSync(at('tampered-'));
    const path = join(folder, 'image');
    writeFileSync(path, 'the image');
    const key = await makeKey(join(folder, 'key'));
    await signFiles([path], join(folder, 'key'));
    tamper(path);
    await expect(requireSignature(path, [key])).rejects.toMatchObject({ code: 'SOURCE_DIGEST' });
  });

  it('are refused when there is none, and when the key is not trusted', async () => {
    const path = at('unsigned');
    writeFileSync(path, 'x');
    const key = await makeKey(at('known'));
    const other = await makeKey(at('stranger'));
    await expect(requireSignature(path, [key])).rejects.toThrow(/not signed/);
    await signFiles([path], at('stranger'));
    await expect(requireSignature(path, [key])).rejects.toThrow(new RegExp(`${other.id}, which is not trusted`));
    await expect(requireSignature(path, [{ ...key, id: other.id }])).rejects.toThrow(/not what the key/);
  });

  it('are checked against one file of trusted keys', async () => {
    const list = at('trusted-keys');
    const key = await makeKey(at('a'));
    await trustKey(list, key, 'release key');
    await trustKey(list, key, 'again');
    expect((await readTrustedKeys(list)).map(({ id }) => id)).toEqual([key.id]);
    writeFileSync(list, `${readFileSync(list, 'utf8')}\nRWQnonsense\n`);
    await expect(readTrustedKeys(list)).rejects.toThrow(/trusted-keys:3 is not a minisign public key/);
  });

  it('have the checksum of RFC 7693 inside of a secret key', () => {
    expect(blake2b256(Buffer.from('abc')).toString('hex')).toBe(
      'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
    );
    expect(blake2b256(Buffer.alloc(300, 'a'))).toEqual(
      Buffer.from(oracle('sh', '-c', "head -c 300 /dev/zero | tr '\\0' a | b2sum -l 256").slice(0, 64), 'hex'),
    );
  });

  it('never accept a signature under a key that was not asked for', async () => {
    await expect(verifyFile(at('image'), readFileSync(at('image.minisig'), 'utf8'), [])).rejects.toMatchObject({
      code: 'SOURCE_DIGEST',
    });
  });
});

describe('a dm-verity hash tree', () => {
  it('is the same each time, is taken by veritysetup, and finds one flipped bit', async () => {
    const image = at('base.ext4');
    await writeExt4([file('a', Buffer.alloc(2_000_000, 'data'))], image);
    const tree = await writeVerity(image, at('hashes'));
    expect((await writeVerity(image, at('hashes2'))).rootHash).toBe(tree.rootHash);
    expect(readFileSync(at('hashes')).equals(readFileSync(at('hashes2')))).toBe(true);
    await verifyVerity(image, at('hashes'), tree.rootHash);
    oracle('veritysetup', 'verify', image, at('hashes'), tree.rootHash);
    expect(await verityTable(tree, { data: '/dev/xvda1', hashes: '/dev/xvdb1' })).toBe(
      `0 ${String(tree.dataBlocks * 8)} verity 1 /dev/xvda1 /dev/xvdb1 4096 4096 ${String(tree.dataBlocks)} 1 sha256 ${tree.rootHash} ${tree.salt}`,
    );
    const fd = openSync(image, 'r+');
    writeSync(fd, Buffer.from([0x65]), 0, 1, 1_000_003);
    closeSync(fd);
    await expect(verifyVerity(image, at('hashes'), tree.rootHash)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });
});

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(`${path}.minisig`, change(readFileSync(`${path}.minisig`, 'utf8')));
}
