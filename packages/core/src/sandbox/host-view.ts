import { lstatSync, readFileSync, readlinkSync } from 'node:fs';

/** A folder of the host at `/`, as the sandbox has to show it: a link into /usr on a merged system, else a bind mount. */
export type TopLevel = { readonly name: string; readonly link: string } | { readonly name: string; readonly link: undefined };

export function topLevelFolders(): TopLevel[] {
  return ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'].flatMap((name): TopLevel[] => {
    const stats = lstatSync(`/${name}`, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    return [{ name, link: stats.isSymbolicLink() ? readlinkSync(`/${name}`) : undefined }];
  });
}

/**
 * Flags of the mount that `path` lies on. A user namespace may not drop those it inherited, so a read-only remount has to repeat them.
 * Source: mount_namespaces(7), «Restrictions on mount namespaces».
 */
export function lockedMountFlags(path: string): string[] {
  let best = { point: '', options: '' };
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const fields = line.split(' ');
    const point = fields[4];
    if (point === undefined) continue;
    const covers = point === '/' || path === point || path.startsWith(`${point}/`);
    if (covers && point.length >= best.point.length) best = { point, options: fields[5] ?? '' };
  }
  const kept = new Set(['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime']);
  return best.options.split(',').filter((option) => kept.has(option));
}
