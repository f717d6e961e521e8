import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { Console } from './console.ts';

const folder = mkdtempSync(join(tmpdir(), 'xlfs-console-'));
const children: ChildProcessByStdio<Writable, Readable, null>[] = [];

/** A console with a real shell at its other end. */
function shell(script?: string, transcript?: string): Console {
  const child = spawn('sh', script === undefined ? [] : ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  children.push(child);
  const ended = new Promise<string>((done) => child.once('close', (code) => done(`the shell ended (exit ${String(code)})`)));
  return new Console({ stdin: child.stdin, stdout: child.stdout, ended }, transcript);
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  return () => rmSync(folder, { recursive: true, force: true });
});

test('text that arrives in pieces is matched as a whole', async () => {
  const line = shell('printf "con"; sleep 0.1; printf "trol"; sleep 0.1; printf "_d\\n"; sleep 5');
  const match = await line.waitFor(/control_(\w)/, { what: 'control_d', limitMs: 4000 });
  expect(match[1]).toBe('d');
});

test('a matched text is used up', async () => {
  const line = shell('echo again; sleep 0.2; echo again; sleep 5');
  await line.waitFor(/again/, { what: 'first', limitMs: 4000 });
  await line.waitFor(/again/, { what: 'second', limitMs: 4000 });
  await expect(line.waitFor(/again/, { what: 'third', limitMs: 100 })).rejects.toMatchObject({ code: 'BOOT_FAILED' });
});

test('a limit that passes names what was waited for and shows the last lines', async () => {
  const line = shell('echo booting; echo stuck here; sleep 5');
  await expect(line.waitFor(/login:/, { what: 'the login prompt', limitMs: 300 })).rejects.toMatchObject({
    code: 'BOOT_FAILED',
    message: expect.stringMatching(/no the login prompt within 0\.3 s[^]*booting[^]*stuck here/) as string,
  });
});

test('a line that dies ends the wait at once, and says how it died', async () => {
  const line = shell('echo panic; exit 3');
  const started = Date.now();
  await expect(line.waitFor(/login:/, { what: 'login', limitMs: 20_000 })).rejects.toMatchObject({
    message: expect.stringMatching(/the shell ended \(exit 3\) before login[^]*panic/) as string,
  });
  expect(Date.now() - started).toBeLessThan(5000);
});

test('an aborted wait is interrupted', async () => {
  const line = shell('sleep 5');
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 50);
  await expect(line.waitFor(/never/, { what: 'nothing', limitMs: 20_000 }, abort.signal)).rejects.toMatchObject({
    code: 'INTERRUPTED',
  });
});

test('a command gives its status and its output without messages of Xen and the kernel', async () => {
  const line = shell();
  const result = await line.run("printf 'one\\n(XEN) noise\\n[   12.345678] noise\\ntwo\\n'; false", {
    what: 'command',
    limitMs: 4000,
  });
  expect(result).toEqual({ status: 1, output: 'one\ntwo\n' });
  expect((await line.run('true', { what: 'command', limitMs: 4000 })).status).toBe(0);
});

test('a control sequence that comes in pieces leaves nothing behind', async () => {
  const line = shell("for piece in '\\033' '[?20' '04l'; do printf \"$piece\"; sleep 0.1; done; echo marked; sleep 5");
  await line.waitFor(/^marked\n/m, { what: 'the mark at the start of its line', limitMs: 4000 });
});

test('terminal control sequences do not hide text, and stay in the transcript', async () => {
  const transcript = join(folder, 'transcript');
  const line = shell("printf 'rea\\033[1mdy\\033[0m\\n'; sleep 5", transcript);
  await line.waitFor(/ready/, { what: 'ready', limitMs: 4000 });
  await line.close();
  expect(readFileSync(transcript, 'utf8')).toBe('rea\x1b[1mdy\x1b[0m\n');
});
