import { XlfsError } from '@xlfs/core';
import { directory, file, type Entry } from '../tree/entry.ts';
import type { TreeView } from '../tree/view.ts';
import type { User } from './schema.ts';

/** A database of lines of fields between colons: passwd(5), shadow(5), group(5). */
type Lines = Map<string, string[]>;

/** Users as lines in /etc/passwd, /etc/shadow and /etc/group beside those of the base, with homes and authorized keys. */
export function accountFiles(users: readonly User[], base: TreeView): Entry[] {
  if (users.length === 0) return [];
  const passwd = parse(base.readText('etc/passwd') ?? 'root:x:0:0:root:/root:/bin/bash\n');
  const shadow = parse(base.readText('etc/shadow') ?? '');
  const group = parse(base.readText('etc/group') ?? 'root:x:0:\n');
  const files: Entry[] = [];
  for (const user of users) files.push(...account(user, { passwd, shadow, group }, base));
  for (const user of users) for (const name of user.groups) join(user.name, name, group);
  const attributes = base.stat('etc/shadow');
  return [
    file('etc/passwd', print(passwd)),
    file('etc/group', print(group)),
    file('etc/shadow', print(shadow), { mode: attributes?.mode ?? 0o600, uid: 0, gid: attributes?.gid ?? 0 }),
    ...files,
  ];
}

function account(user: User, { passwd, shadow, group }: Record<'passwd' | 'shadow' | 'group', Lines>, base: TreeView): Entry[] {
  const before = passwd.get(user.name);
  const uid = user.uid ?? (before === undefined ? free(passwd) : Number(before[2]));
  const gid = user.gid ?? (before === undefined ? uid : Number(before[3]));
  const home = user.home ?? before?.[5] ?? (user.name === 'root' ? '/root' : `/home/${user.name}`);
  const shell = user.shell ?? before?.[6] ?? '/bin/bash';
  const sameId = [...passwd].find(([name, fields]) => name !== user.name && Number(fields[2]) === uid);
  if (sameId !== undefined) {
    throw new XlfsError('USAGE', `user ${user.name} cannot have the id ${String(uid)}: ${sameId[0]} has it`, {
      hint: 'Give another uid, or none.',
    });
  }
  passwd.set(user.name, [user.name, 'x', String(uid), String(gid), user.comment || (before?.[4] ?? ''), home, shell]);
  if (![...group.values()].some((fields) => Number(fields[2]) === gid)) group.set(user.name, [user.name, 'x', String(gid), '']);
  const aging = shadow.get(user.name)?.slice(2) ?? ['19000', '0', '99999', '7', '', '', ''];
  shadow.set(user.name, [user.name, user.passwordHash ?? shadow.get(user.name)?.[1] ?? '!', ...aging]);
  const owner = { uid, gid };
  const folder = base.stat(home) === undefined ? [directory(home, { ...owner, mode: 0o700 })] : [];
  if (user.sshKeys.length === 0) return folder;
  return [
    ...folder,
    directory(`${home}/.ssh`, { ...owner, mode: 0o700 }),
    file(`${home}/.ssh/authorized_keys`, `${user.sshKeys.join('\n')}\n`, { ...owner, mode: 0o600 }),
  ];
}

function join(user: string, name: string, group: Lines): void {
  const fields = group.get(name);
  if (fields === undefined)
    throw new XlfsError('USAGE', `user ${user} cannot be in the group ${name}: the base has no such group`);
  const members = (fields[3] ?? '').split(',').filter((member) => member !== '');
  if (!members.includes(user)) fields[3] = [...members, user].join(',');
}

/** First id of an ordinary user that nobody has. */
function free(passwd: Lines): number {
  const taken = new Set([...passwd.values()].map((fields) => Number(fields[2])));
  let uid = 1000;
  while (taken.has(uid)) uid++;
  return uid;
}

function parse(text: string): Lines {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.split(':')[0] ?? '', line.split(':')]));
}

function print(lines: Lines): string {
  return [...lines.values()].map((fields) => `${fields.join(':')}\n`).join('');
}
