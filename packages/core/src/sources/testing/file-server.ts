import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface FileServer {
  /** `http://127.0.0.1:port/` */
  readonly url: string;
  /** Method, path and range of each request, in order. */
  readonly requests: { path: string; range: string | undefined }[];
  readonly close: () => Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server on this machine whose every path answers as it is told to. */
export async function fileServer(answers: Readonly<Record<string, Buffer | Answer>>): Promise<FileServer> {
  const requests: FileServer['requests'] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    requests.push({ path, range: request.headers.range });
    const answer = answers[path];
    if (answer === undefined) response.writeHead(404).end('no such file');
    else if (typeof answer === 'function') answer(request, response);
    else serve(answer, request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    requests,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A file as a well-behaved server gives it, with ranges. */
export function serve(content: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const from = Number(first ?? Number.NaN);
  const to = last ? Math.min(Number(last), content.length - 1) : content.length - 1;
  if (Number.isNaN(from)) {
    response.writeHead(200, { 'content-length': content.length }).end(content);
  } else if (from >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${String(content.length)}` }).end();
  } else {
    const range = `bytes ${String(from)}-${String(to)}/${String(content.length)}`;
    response.writeHead(206, { 'content-length': to + 1 - from, 'content-range': range }).end(content.subarray(from, to + 1));
  }
}

/** Sends the beginning of a file and hangs up, or falls silent. */
export function breakOff(content: Buffer, after: number, how: 'hang-up' | 'silence'): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, after), () => void (how === 'hang-up' && setTimeout(() => response.destroy(), 20)));
  };
}
