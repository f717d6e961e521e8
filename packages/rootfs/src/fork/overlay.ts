import { closeSync, openSync } from 'node:fs';
import { device, directory, file, orderedEntries, treeOf, type Entry, type Tree } from '../tree/entry.ts';
import { parentOf } from '../tree/path.ts';
import type { Changes, TreeView } from '../tree/view.ts';
import { writeExt4At } from '../image/ext4/write.ts';

/** Where the pieces are in the guest. */
export const OVERLAY = { base: 'xvda1', upper: 'xvdb1' } as const;

/** Words on the guest's kernel command line that the hook reads: without a dot, so that the kernel puts them into its environment. */
export function overlayCmdline(): string[] {
  return [`xlfs_base=/dev/${OVERLAY.base}`, `xlfs_upper=/dev/${OVERLAY.upper}`];
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
 * mount, umount, sleep, chroot and switch_root; the kernel overlayfs, ext4 and xen-blkfront.
 */
export function overlayInit(): Entry[] {
  const folders = ['dev', 'etc', 'proc', 'run', 'base', 'upper', 'root'].map((path) => directory(path));
  return [...folders, file('init', INIT, { mode: 0o755 })];
}

const INIT = `#!/bin/sh
# Joins the shared read-only base and this guest's own disk, then starts the guest's init.
#
# On an emulated machine every program costs a tenth of a second and more: one mount takes all, and the rest is built into the shell.
set -uf
stop() { echo "xlfs: $*" >&2; exec /bin/sh; }

[ -n "\${xlfs_base:-}" ] && [ -n "\${xlfs_upper:-}" ] || stop 'xlfs_base= and xlfs_upper= are missing on the command line'

# join TYPE OPTIONS: mounts all, the base as that. The first /dev has the disks; the folders below /root are for the guest's init, which
# mounts by itself what the base has no folder for.
join() {
  echo "proc /proc proc defaults 0 0
dev /dev devtmpfs defaults 0 0
$xlfs_base /base $1 $2 0 0
$xlfs_upper /upper ext4 defaults 0 0
overlay /root overlay lowerdir=/base,upperdir=/upper/upper,workdir=/upper/work 0 0
dev /root/dev devtmpfs defaults 0 0
proc /root/proc proc defaults 0 0" > /etc/fstab
  mount -a
  mounted=' '
  while read -r what where rest; do mounted="$mounted$where "; done < /proc/mounts
  case $mounted in *' /base /upper /root '*) ;; *) return 1 ;; esac
}
# Nothing of a half: without the base, an overlay of an empty folder would look like success the next time.
part() { for folder in /root/proc /root/dev /root /upper /base; do umount $folder; done 2> /dev/null; }
tries=0
until join ext4 ro,noload; do
  part
  join auto ro && break
  part
  tries=$((tries + 1))
  [ $tries -le 50 ] || stop "cannot join $xlfs_base and $xlfs_upper"
  sleep 0.1
done

init=/sbin/init
read -r cmdline < /proc/cmdline
for word in $cmdline; do
  case $word in init=*) init=\${word#*=} ;; esac
done
set +f
for hook in /root/etc/xlfs/hooks.d/*; do
  [ -x "$hook" ] || continue
  chroot /root "\${hook#/root}" || echo "xlfs: \${hook#/root} failed" >&2
done
unset xlfs_base xlfs_upper
exec switch_root /root "$init"
`;
