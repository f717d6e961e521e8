import { Header, Pax, type HeaderData } from 'tar';

/** One entry of a crafted archive: a header's fields and its content. */
export interface CraftedEntry extends HeaderData {
  readonly content?: string | Buffer;
  /** Sent as a pax header before the entry. */
  readonly pax?: HeaderData;
  /** Raw records of a pax header before the entry, for what no writer would write. */
  readonly rawPax?: readonly (readonly [key: string, value: string])[];
}

/** A tar archive with whatever its entries say, sane or not. */
export function craftedTar(entries: readonly CraftedEntry[], { end = true } = {}): Buffer {
  const blocks = entries.flatMap(({ content = '', pax, rawPax, ...fields }) => {
    const body = Buffer.from(content);
    const data: HeaderData = {
      mode: 0o644,
      uid: 1000,
      gid: 1000,
      mtime: new Date(1_700_000_000_000),
      type: 'File',
      size: body.length,
      ...fields,
    };
    return [
      ...(pax === undefined ? [] : [new Pax({ path: data.path ?? 'x', ...pax }).encode()]),
      ...(rawPax === undefined
        ? []
        : [rawHeader('x', 'PaxHeader', Buffer.from(rawPax.map(([key, value]) => paxRecord(key, value)).join('')))]),
      headerBlock(data),
      padded(body),
    ];
  });
  return Buffer.concat([...blocks, ...(end ? [Buffer.alloc(1024)] : [])]);
}

/** A header with a type flag that node-tar would not write, and its content. */
export function rawHeader(flag: string, path: string, content: Buffer = Buffer.alloc(0)): Buffer {
  const block = headerBlock({ path, mode: 0o644, uid: 0, gid: 0, mtime: new Date(0), size: content.length, type: 'File' });
  block.write(flag, 156, 'latin1');
  return Buffer.concat([withChecksum(block), padded(content)]);
}

/** Corrects a header block's checksum after it was tampered with. */
export function withChecksum(block: Buffer): Buffer {
  block.write('        ', 148, 'latin1');
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

export function headerBlock(data: HeaderData): Buffer {
  const block = Buffer.alloc(512);
  new Header(data).encode(block, 0);
  return block;
}

function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return `${String(length)} ${key}=${value}\n`;
}

function padded(body: Buffer): Buffer {
  return Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}
