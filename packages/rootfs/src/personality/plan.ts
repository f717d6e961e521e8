import { XlfsError } from '@xlfs/core';
import { z } from 'zod';
import { file, treeOf, type Entry } from '../tree/entry.ts';
import type { Changes, TreeView } from '../tree/view.ts';
import { accountFiles } from './accounts.ts';
import { firstAddress, fullName, networkFiles } from './network.ts';
import { personalitySchema, type Personality, type PersonalityInput } from './schema.ts';
import { systemFiles } from './system-files.ts';
import { resetChanges } from './uniqueness.ts';

export interface PersonalityOptions {
  /** Also take away what two copies must not share (see `UNIQUENESS`). @default true */
  readonly reset?: boolean;
  /** Time of the files, in seconds. @default 0 */
  readonly epoch?: number;
}

/**
 * The changes that make a root filesystem this guest. A pure function of the personality and of what the base says.
 * @throws USAGE naming each value that is not what its place can hold.
 */
export function planPersonality(input: PersonalityInput, base: TreeView, options: PersonalityOptions = {}): Changes {
  const personality = checkPersonality(input);
  const { reset = true, epoch = 0 } = options;
  const cleaned = reset ? resetChanges(base) : { put: [], remove: [] };
  const own = [
    ...networkFiles(personality),
    ...systemFiles(personality, base),
    ...accountFiles(personality.users, base),
    ...identityFiles(personality),
    ...personality.files.map(({ path, content, ...attributes }) => file(path, content, attributes)),
    ...personality.templates.map(({ path, content, ...attributes }) => file(path, fill(path, content, personality), attributes)),
  ];
  const put = [...treeOf([...cleaned.put, ...own]).values()].map((entry): Entry => ({ ...entry, mtime: epoch }));
  return { put, remove: cleaned.remove };
}

/** @throws USAGE with one line for each value that is wrong. */
export function checkPersonality(input: PersonalityInput): Personality {
  const checked = personalitySchema.safeParse(input);
  if (checked.success) return checked.data;
  throw new XlfsError('USAGE', `this personality cannot be used:\n${z.prettifyError(checked.error)}`, { cause: checked.error });
}

function identityFiles({ machineId, sshHostKeys }: Personality): Entry[] {
  const id = file('etc/machine-id', machineId === undefined ? '' : `${machineId}\n`, { mode: 0o444 });
  return [
    id,
    ...sshHostKeys.flatMap((key) => [
      file(`etc/ssh/ssh_host_${key.type}_key`, key.private, { mode: 0o600 }),
      file(`etc/ssh/ssh_host_${key.type}_key.pub`, `${key.public}\n`),
    ]),
  ];
}

/** One pass: what a value brings in is never looked at again. */
function fill(path: string, template: string, personality: Personality): string {
  const values = new Map(
    Object.entries({
      ...personality.variables,
      hostname: personality.hostname,
      domain: personality.domain ?? '',
      fqdn: fullName(personality),
      address: firstAddress(personality),
    }),
  );
  return template.replace(/\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined)
      throw new XlfsError('USAGE', `the template ${path} uses {{${name}}}, which has no value`, {
        hint: `Add ${name} to variables.`,
      });
    return value;
  });
}
