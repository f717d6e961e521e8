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

/** vsftpd as it is in Debian, for whoever runs the tests: anonymous, on loopback, with writing. */
export async function ftpServer(folder: string): Promise<{ readonly url: string }> {
  const port = await freePort();
  mkdirSync(join(folder, 'pub'), { recursive: true });
  const config = join(folder, 'vsftpd.conf');
  const settings = {
    listen: 'YES',
    listen_ipv6: 'NO',
    listen_address: '127.0.0.1',
    listen_port: String(port),
    run_as_launching_user: 'YES',
    background: 'NO',
    anonymous_enable: 'YES',
    no_anon_password: 'YES',
    anon_root: join(folder, 'pub'),
    write_enable: 'YES',
    anon_upload_enable: 'YES',
    anon_mkdir_write_enable: 'YES',
    anon_other_write_enable: 'YES',
    anon_world_readable_only: 'NO',
    anon_umask: '022',
    connect_from_port_20: 'NO',
    seccomp_sandbox: 'NO',
    allow_writeable_chroot: 'YES',
    vsftpd_log_file: join(folder, 'log'),
  };
  writeFileSync(
    config,
    `${Object.entries(settings)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n')}\n`,
  );
  const child = spawn('vsftpd', [config], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.on('error', (error) => (said += `vsftpd (Debian package vsftpd) cannot be started: ${error.message}`));
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
