/** A member of an archive exactly as stated, for archives that no honest program writes. */
export interface RawMember {
  readonly path: string | Buffer;
  /** tar's type flag; also decides the file type in cpio. */
  readonly type?: string;
  readonly mode?: number;
  readonly target?: string;
  readonly data?: string | Buffer;
  /** States another size than the data has. */
  readonly size?: number;
  readonly sizeField?: string;
  readonly checksum?: string;
  readonly device?: readonly [number, number];
  readonly inode?: number;
  readonly nlink?: number;
  readonly nameSize?: number;
}

export function rawTar(members: readonly RawMember[], options: { readonly end?: boolean } = {}): Buffer {
  const parts = members.flatMap((member) => {
    const data = Buffer.from(member.data ?? '');
    const header = Buffer.alloc(512);
    const name = Buffer.from(member.path);
    name.copy(header, 0, 0, 100);
    header.write(`${(member.mode ?? 0o644).toString(8).padStart(7, '0')}\0`, 100);
    header.write('0000000\0' + '0000000\0', 108);
    header.write(member.sizeField ?? `${(member.size ?? data.length).toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    header.write('14000000000\0', 136);
    header.write(member.type ?? '0', 156);
    header.write(member.target ?? '', 157, 100);
    header.write('ustar\0' + '00', 257);
    if (member.device !== undefined) {
      header.write(`${member.device[0].toString(8).padStart(7, '0')}\0`, 329);
      header.write(`${member.device[1].toString(8).padStart(7, '0')}\0`, 337);
    }
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(member.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, ...(options.end === false ? [] : [Buffer.alloc(1024)])]);
}

const FORMATS: Readonly<Record<string, number>> = {
  '0': 0o100000,
  '2': 0o120000,
  '3': 0o020000,
  '4': 0o060000,
  '5': 0o040000,
  '6': 0o010000,
};

export function rawCpio(members: readonly RawMember[], options: { readonly end?: boolean } = {}): Buffer {
  const all = options.end === false ? members : [...members, { path: 'TRAILER!!!', mode: 0 }];
  return Buffer.concat(
    all.flatMap((member, index) => {
      const data = Buffer.from(member.type === '2' ? (member.target ?? '') : (member.data ?? ''));
      const name = Buffer.from(member.path);
      const mode = (FORMATS[member.type ?? '0'] ?? 0) | (member.mode ?? 0o644);
      const size = member.size ?? data.length;
      const [major, minor] = member.device ?? [0, 0];
      const fields = [
        member.inode ?? index + 1,
        mode,
        0,
        0,
        member.nlink ?? 1,
        0,
        size,
        0,
        0,
        major,
        minor,
        member.nameSize ?? name.length + 1,
        0,
      ];
      const hex = fields.map((field) => field.toString(16).padStart(8, '0'));
      if (member.sizeField !== undefined) hex[6] = member.sizeField;
      const head = Buffer.concat([Buffer.from(`070701${hex.join('')}`, 'latin1'), name, Buffer.from([0])]);
      const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
      return [pad(head), pad(data)];
    }),
  );
}

export function pax(records: Readonly<Record<string, string>>): RawMember {
  const data = Object.entries(records)
    .map(([key, value]) => {
      const body = ` ${key}=${value}\n`;
      let length = body.length + 1;
      while (String(length).length + body.length !== length) length = String(length).length + body.length;
      return `${String(length)}${body}`;
    })
    .join('');
  return { path: 'PaxHeaders/x', type: 'x', data };
}
