import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { XlfsError } from '../../errors.ts';

interface Format {
  readonly name: string;
  readonly magic: readonly number[];
  /** Program that decompresses standard input, and the package that has it. */
  readonly program?: { readonly argv: readonly [string, ...string[]]; readonly package: string };
}

/** By content, as tar does it: file names lie. */
const formats: readonly Format[] = [
  { name: 'gzip', magic: [0x1f, 0x8b] },
  // A bound on memory: the xz format lets a file ask for up to 4 GiB.
  {
    name: 'xz',
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    program: { argv: ['xz', '-dc', '-T0', '--memlimit-decompress=1GiB'], package: 'xz-utils' },
  },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68], program: { argv: ['bzip2', '-dc'], package: 'bzip2' } },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], program: { argv: ['zstd', '-dcq', '--memory=1024MB'], package: 'zstd' } },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18], program: { argv: ['lz4', '-dcq'], package: 'lz4' } },
];

/**
 * The decompressed bytes of a stream; as they are when no known compression is recognised.
 *
 * @throws XlfsError `ARCHIVE_INVALID` when the stream is damaged, `HOST_REQUIREMENT` when the decompressor is missing.
 */
export async function* decompress(input: AsyncIterable<Buffer>, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const chunks = input[Symbol.asyncIterator]();
  const head = await readHead(chunks);
  const whole = rejoin(head, chunks);
  const format = formats.find(({ magic }) => magic.every((byte, i) => head[i] === byte));
  if (format === undefined) yield* whole;
  else if (format.program === undefined) yield* gunzip(whole, signal);
  else yield* throughProgram(whole, format.name, format.program, signal);
}

async function* gunzip(input: AsyncIterable<Buffer>, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const output = createGunzip({ chunkSize: 1 << 17 });
  // Errors reach the reader of `output` too; it reports them.
  pipeline(input, output, { signal }).catch(() => undefined);
  try {
    yield* output as AsyncIterable<Buffer>;
  } catch (cause) {
    if (cause instanceof XlfsError) throw cause;
    throw damaged('gzip', (cause as Error).message, cause);
  }
}

async function* throughProgram(
  input: AsyncIterable<Buffer>,
  name: string,
  program: NonNullable<Format['program']>,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const [file, ...args] = program.argv;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text.slice(0, 2000)));
  const ended = new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  ended.catch(() => undefined);
  // A decompressor that gives up closes the pipe; its status tells more than EPIPE.
  const fed = pipeline(input, child.stdin, { signal }).catch((error: NodeJS.ErrnoException) => error);
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const feeding = await fed;
    const status = await ended;
    if (status !== 0) throw damaged(name, complaint.trim() || `${file} ended with status ${String(status)}`);
    if (feeding instanceof Error) throw feeding;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new XlfsError('HOST_REQUIREMENT', `the program ${file} is missing`, {
        hint: `install the package ${program.package}`,
        cause,
      });
    }
    throw cause;
  } finally {
    child.kill('SIGKILL');
  }
}

/** Enough bytes to tell the format. */
async function readHead(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 6) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* rejoin(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function damaged(format: string, why: string, cause?: unknown): XlfsError {
  return new XlfsError('ARCHIVE_INVALID', `not a whole ${format} file: ${why}`, {
    hint: 'the file is damaged: fetch it again',
    ...(cause === undefined ? {} : { cause }),
  });
}
