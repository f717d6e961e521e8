import { XlfsError } from '@xlfs/core';
import { uuidBytes } from '../uuid.ts';

const PAGE = 4096;

/** The first page of a swap area, as mkswap(8) writes it; the rest of the area may be anything. */
export function swapHeader(bytes: number, { uuid, label = '' }: { readonly uuid: string; readonly label?: string }): Buffer {
  const pages = Math.floor(bytes / PAGE);
  if (pages < 10) throw new XlfsError('USAGE', `${String(bytes)} bytes are too few for a swap area`);
  if (Buffer.byteLength(label) > 16) throw new XlfsError('USAGE', `the label ${JSON.stringify(label)} is longer than 16 bytes`);
  const page = Buffer.alloc(PAGE);
  page.writeUInt32LE(1, 1024);
  page.writeUInt32LE(pages - 1, 1028);
  uuidBytes(uuid).copy(page, 1036);
  page.write(label, 1052, 16, 'utf8');
  page.write('SWAPSPACE2', PAGE - 10, 'latin1');
  return page;
}
