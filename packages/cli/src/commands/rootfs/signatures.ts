import { resolve } from 'node:path';
import {
  formatPublicKey,
  listSnapshots,
  makeKey,
  parsePublicKey,
  readTrustedKeys,
  requireSignature,
  signFiles,
  trustedKeysPath,
  trustKey,
  verifySnapshot,
} from '@xlfs/rootfs';
import { defineCommand } from '../../command.ts';
import { printable } from '../../ui/printable.ts';
import { reading, readInput } from '../shared/files.ts';
import { required } from '../shared/values.ts';
import { rootfsStore } from './store.ts';

/** `xlfs rootfs sign`: minisign's signatures. */
export const sign = defineCommand({
  usage: 'sign <files...>',
  summary: "sign images, patches or container files in minisign's format: FILE.minisig beside each",
  example: 'xlfs rootfs sign base.ext4 --key ~/.minisign/xlfs.key',
  options: [
    ['--key <file>', 'secret key without a password: xlfs rootfs key make, or minisign -G -W'],
    ['--comment <text>', 'a line that is signed, too'],
  ],
  run: async (context, files, { key, comment }: { key?: string; comment?: string }) => {
    const keyFile = required(key, '--key FILE');
    return { signatures: await reading(keyFile, () => signFiles(files, keyFile, comment, { signal: context.signal })) };
  },
  text: ({ signatures }) => signatures.join('\n'),
});

/** `xlfs rootfs verify`: signatures of files, contents of snapshots. */
export const verify = defineCommand({
  usage: 'verify [what...]',
  summary: 'read snapshots (words; all by default) again, and check files (with a slash) against their signatures',
  example: 'xlfs rootfs verify base ./update.patch',
  run: async (context, what) => {
    const store = rootfsStore(context);
    const names =
      what.length === 0 ? (await listSnapshots(store)).map(({ name }) => name) : what.filter((word) => !word.includes('/'));
    const trusted = await readTrustedKeys(trustedKeysPath(store));
    const files = [];
    for (const file of what.filter((word) => word.includes('/')))
      files.push({ file, ...(await requireSignature(file, trusted, undefined, { signal: context.signal })) });
    const snapshots = [];
    for (const name of names) snapshots.push(await verifySnapshot(store, name, { signal: context.signal }));
    return { snapshots, files };
  },
  text: ({ snapshots, files }) =>
    printable(
      [
        ...files.map(({ file, keyId, trustedComment }) => `${file}: signed by ${keyId} (${trustedComment})`),
        ...snapshots.flatMap(({ name, files: count, damaged }) => [
          ...damaged.map(({ path, reason }) => `${name}: /${path}: ${reason}`),
          `${name}: ${String(count)} files, ${String(damaged.length)} damaged`,
        ]),
      ].join('\n'),
    ),
  status: ({ snapshots }) => (snapshots.every(({ damaged }) => damaged.length === 0) ? 0 : 1),
});

const make = defineCommand({
  usage: 'make <file>',
  summary: 'make a key pair: FILE (keep it secret) and FILE.pub',
  example: 'xlfs rootfs key make ~/.minisign/xlfs.key',
  run: async (_context, [file = '']) => {
    const key = await makeKey(resolve(file));
    return { id: key.id, secret: resolve(file), public: `${resolve(file)}.pub`, text: formatPublicKey(key) };
  },
  text: ({ id, secret, public: open }) =>
    `key ${id}: ${secret}, and ${open} for those who shall trust it (xlfs rootfs key trust)`,
});

const trust = defineCommand({
  usage: 'trust <file>',
  summary: 'trust what the key in a minisign.pub has signed',
  example: 'xlfs rootfs key trust colleague.pub',
  options: [['--comment <text>', 'whose key it is']],
  run: async (context, [file = ''], { comment }: { comment?: string }) => {
    const key = parsePublicKey((await readInput(file, context.signal)).toString());
    const path = trustedKeysPath(rootfsStore(context));
    await trustKey(path, key, comment ?? file);
    return { id: key.id, path };
  },
  text: ({ id, path }) => `key ${id} is trusted: ${path}`,
});

export const keyCommands = [make, trust];
