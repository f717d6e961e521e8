import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export interface WebServer {
  readonly url: string;
  /** What was asked for: `GET /a 200`. */
  readonly log: string[];
}

/** A web server over a folder, with ETags; it takes PUT, and `/cut/…` breaks off in the middle. */
export async function webServer(folder: string): Promise<WebServer> {
  const log: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = join(folder, decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname).replace(/^\/cut/, ''));
    const answer = (status: number, headers: Record<string, string | number> = {}, body?: Buffer) => {
      log.push(`${request.method ?? ''} ${request.url ?? ''} ${String(status)}`);
      response.writeHead(status, headers).end(body);
    };
    if (request.method === 'PUT') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        writeFileSync(path, Buffer.concat(chunks));
        answer(201);
      });
      return;
    }
    if (!existsSync(path) || !statSync(path).isFile()) return answer(404);
    const body = readFileSync(path);
    const etag = `"${String(body.length)}-${String(statSync(path).mtimeMs)}"`;
    if (request.headers['if-none-match'] === etag) return answer(304);
    if (request.url?.startsWith('/cut/') === true) {
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
      return;
    }
    answer(200, { 'content-length': body.length, etag }, body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  afterAll(() => server.close());
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, log };
}

/** Python's FTP server library as it is in Debian, over the folder's `pub`: anonymous, on loopback, with writing. Unlike a daemon's package, its starts no service on the machine. */
export async function ftpServer(folder: string): Promise<{ readonly url: string }> {
  const port = await freePort();
  const root = join(folder, 'pub');
  mkdirSync(root, { recursive: true });
  // Debian's own Python: only that one sees Debian's libraries.
  const child = spawn('/usr/bin/python3', ['-m', 'pyftpdlib', '-w', '-i', '127.0.0.1', '-p', String(port), '-d', root], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.on('error', (error) => (said += `pyftpdlib (Debian package python3-pyftpdlib) cannot be started: ${error.message}`));
  afterAll(() => child.kill());
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await answers(port)) return { url: `ftp://127.0.0.1:${String(port)}` };
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the ftp server does not answer: ${said}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });
}
