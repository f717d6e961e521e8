import { readFile } from 'node:fs/promises';
import { XlfsError } from '@xlfs/core';
import { defaultHost, hostSchema, type HostDescription } from '@xlfs/xen-builder';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { findUpwards } from './find.ts';

export const PROJECT_FILE = 'xlfs.toml';

/** What an xlfs.toml declares: the host with its bridge and guests. */
export const projectSchema = z.strictObject({ host: hostSchema });

export interface Project {
  readonly host: HostDescription;
  /** The file that it was read from; undefined when it is the built-in one. */
  readonly path: string | undefined;
}

/**
 * The project of a folder: the nearest xlfs.toml at or above it, else the built-in one with a PV and a PVH guest.
 *
 * @throws XlfsError `PROJECT_INVALID`, with file, line and column or file and key.
 */
export async function readProject(from: string = process.cwd()): Promise<Project> {
  const path = findUpwards(PROJECT_FILE, from);
  if (path === undefined) return { host: defaultHost, path };
  return { host: parseProject(await readFile(path, 'utf8'), path), path };
}

/** `path` is for messages only. */
export function parseProject(text: string, path: string): HostDescription {
  const result = projectSchema.safeParse(parseToml(text, path));
  if (result.success) return result.data.host;
  const complaints = result.error.issues.map(
    ({ path: key, message }) => `${path}: ${z.core.toDotPath(key) || 'top level'}: ${message}`,
  );
  throw new XlfsError('PROJECT_INVALID', complaints.join('\n'), {
    hint: 'correct the keys named above; xlfs init in an empty folder writes an example',
  });
}

function parseToml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const [what = ''] = cause.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new XlfsError('PROJECT_INVALID', `${path}:${String(cause.line)}:${String(cause.column)}: ${what}`, {
      hint: 'the file is TOML 1.0 (toml.io)',
      cause,
    });
  }
}

/** The built-in project as a file to start from. */
export function exampleProject(host: HostDescription = defaultHost): string {
  const lines = [
    '# What `xlfs up` builds and boots. Every key may be left out; the values here are the defaults.',
    '',
    '[host]',
    `name = ${JSON.stringify(host.name)}`,
    `memory = ${String(host.memory)} # MiB of dom0`,
    '',
    '[host.bridge]',
    `name = ${JSON.stringify(host.bridge.name)}`,
    `address = ${JSON.stringify(host.bridge.address)}`,
  ];
  for (const guest of host.guests) {
    lines.push(
      '',
      '[[host.guests]]',
      `name = ${JSON.stringify(guest.name)}`,
      `type = ${JSON.stringify(guest.type)}`,
      `memory = ${String(guest.memory)} # MiB`,
      `vcpus = ${String(guest.vcpus)}`,
      `address = ${JSON.stringify(guest.address)}`,
      `disk = ${String(guest.disk)} # MiB`,
      `autostart = ${String(guest.autostart)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
