import { closeSync, openSync } from 'node:fs';
import { device, directory, file, orderedEntries, treeOf, type Entry, type Tree } from '../tree/entry.ts';
import { parentOf } from '../tree/path.ts';
import type { Changes, TreeView } from '../tree/view.ts';
import { writeExt4At } from '../image/ext4/write.ts';

/** Where the pieces are in the guest. */
export const OVERLAY = { base: 'xvda1', upper: 'xvdb1' } as const;

/** Words on the guest's kernel command line that the hook reads. */
export function overlayCmdline(): string[] {
  return [`xlfs.base=/dev/${OVERLAY.base}`, `xlfs.upper=/dev/${OVERLAY.upper}`];
}

/**
 * The small writable disk of a guest whose base is shared: `upper` holds what is different from the base from the first boot on, deletions as
 * whiteouts (kernel: Documentation/filesystems/overlayfs.rst), `work` is overlayfs's own. Not flushed: who made the folder does that.
 */
export async function writeOverlayDisk(
  out: string,
  changes: Changes,
  base: TreeView,
  options: { readonly size: number; readonly uuid: string },
): Promise<void> {
  closeSync(openSync(out, 'wx', 0o644));
  await writeExt4At(upperTree(changes, base).values(), out, 0, {
    ...options,
    label: 'xlfs-upper',
    journal: options.size >= 16 * 2 ** 20,
  });
}

function upperTree(changes: Changes, base: TreeView): Tree {
  const whiteouts = changes.remove.map((path) => device(path, 'char', 0, 0, { mode: 0 }));
  const tree = treeOf([...whiteouts, ...changes.put]);
  // A folder in the upper layer hides the attributes of the one below it: it has to have the same.
  for (const path of [...tree.keys()]) {
    for (let folder = parentOf(path); folder !== '' && !tree.has(folder); folder = parentOf(folder)) {
      const { mode = 0o755, uid = 0, gid = 0 } = base.stat(folder) ?? {};
      tree.set(folder, directory(folder, { mode, uid, gid }));
    }
  }
  const root = base.stat('') ?? { mode: 0o755, uid: 0, gid: 0 };
  const moved = [...tree.values()]
    .filter(({ path }) => path !== '')
    .map((entry): Entry => ({ ...entry, path: `upper/${entry.path}` }));
  return treeOf(
    orderedEntries([
      directory('upper', { mode: root.mode, uid: root.uid, gid: root.gid }),
      directory('work', { mode: 0o700 }),
      ...moved,
    ]),
  );
}

/**
 * What goes into a guest's initramfs to join base and upper disk: `/init`, a script for busybox's or any POSIX shell. The initramfs brings sh,
 * mount, switch_root and mkdir; the kernel overlayfs, ext4 and xen-blkfront.
 */
export function overlayInit(): Entry[] {
  const folders = ['dev', 'proc', 'run', 'base', 'upper', 'root'].map((path) => directory(path));
  return [...folders, file('init', INIT, { mode: 0o755 })];
}

const INIT = `#!/bin/sh
# Joins the shared read-only base and this guest's own disk, then starts the guest's init.
set -u
stop() { echo "xlfs: $*" >&2; exec /bin/sh; }
mount -t proc proc /proc || stop 'no proc'
mount -t devtmpfs dev /dev || stop 'no devtmpfs'
base= upper= init=/sbin/init
# Built into the shell where that can be: on an emulated machine every program costs some ten milliseconds.
read -r cmdline < /proc/cmdline
for word in $cmdline; do
  case $word in
    xlfs.base=*) base=\${word#*=} ;;
    xlfs.upper=*) upper=\${word#*=} ;;
    init=*) init=\${word#*=} ;;
  esac
done
[ -n "$base" ] && [ -n "$upper" ] || stop 'xlfs.base= and xlfs.upper= are missing on the command line'
tries=0
until [ -b "$base" ] && [ -b "$upper" ]; do
  tries=$((tries + 1))
  [ $tries -le 50 ] || stop "the disks $base and $upper do not show up"
  sleep 0.1
done
mount -t ext4 -o ro,noload "$base" /base || mount -o ro "$base" /base || stop "cannot mount $base"
mount -t ext4 "$upper" /upper || stop "cannot mount $upper"
mount -t overlay -o lowerdir=/base,upperdir=/upper/upper,workdir=/upper/work overlay /root || stop 'cannot join them'
for hook in /root/etc/xlfs/hooks.d/*; do
  [ -x "$hook" ] || continue
  chroot /root "\${hook#/root}" || echo "xlfs: \${hook#/root} failed" >&2
done
mount --move /proc /root/proc || umount /proc
mount --move /dev /root/dev || umount /dev
exec switch_root /root "$init"
`;
