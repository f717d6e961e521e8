import { file, type Entry } from '../tree/entry.ts';
import type { Changes, TreeView } from '../tree/view.ts';

export interface UniquenessItem {
  readonly id: string;
  /** Why two guests must not share it. */
  readonly reason: string;
  /** Paths, with `*` for any run of characters in one name. */
  readonly paths: readonly string[];
  /** `empty` keeps the file with its owner and mode and takes its content away. */
  readonly action: 'remove' | 'empty';
}

/** What a copy must not inherit. The file system's uuid is the image's business: see `editExt4`. */
export const UNIQUENESS: readonly UniquenessItem[] = [
  item('machine-id', 'DHCP client ids, journal and D-Bus identify the machine by it', 'empty', 'etc/machine-id'),
  item('dbus-machine-id', 'an old copy of the machine id', 'remove', 'var/lib/dbus/machine-id'),
  item(
    'ssh-host-keys',
    'whoever has one guest could pose as the other',
    'remove',
    'etc/ssh/ssh_host_*_key',
    'etc/ssh/ssh_host_*_key.pub',
  ),
  item(
    'random-seed',
    'two guests would draw the same random numbers',
    'remove',
    ...[
      'var/tmp/random-seed',
      'var/lib/random-seed',
      'var/lib/urandom/random-seed',
      'var/lib/systemd/random-seed',
      'var/lib/seedrng/*',
      'var/lib/misc/random-seed',
    ],
  ),
  item(
    'dhcp-leases',
    'both would claim one address',
    'remove',
    ...[
      'var/lib/dhcp/*',
      'var/lib/dhclient/*',
      'var/lib/dhcpcd/*',
      'var/lib/NetworkManager/*',
      'etc/dhcpcd.duid',
      'etc/dhcpcd.secret',
      'var/lib/udhcpc/*',
    ],
  ),
  item(
    'network-rules',
    "interface names bound to the parent's MAC address",
    'remove',
    'etc/udev/rules.d/70-persistent-net.rules',
    'etc/udev/rules.d/75-persistent-net*',
  ),
  item(
    'disk-rules',
    "device names bound to the parent's disks",
    'remove',
    'etc/udev/rules.d/70-persistent-cd.rules',
    'etc/blkid.tab',
    'run/blkid/*',
    'etc/mtab.old',
  ),
  item('hostid', 'gethostid(3) must differ', 'remove', 'etc/hostid', 'var/adm/hostid'),
  item('logs', "another machine's history", 'empty', 'var/log/*', 'var/log/*/*', 'var/log/*/*/*'),
  item(
    'mail',
    "another machine's mail",
    'remove',
    'var/mail/*',
    'var/spool/mail/*',
    'var/spool/mqueue/*',
    'var/spool/postfix/maildrop/*',
  ),
  item(
    'shell-history',
    'may hold secrets',
    'remove',
    'root/.*_history',
    'home/*/.*_history',
    'root/.lesshst',
    'home/*/.lesshst',
    'root/.viminfo',
    'home/*/.viminfo',
  ),
  item('ssh-known-hosts', "the parent's acquaintances", 'remove', 'root/.ssh/known_hosts', 'home/*/.ssh/known_hosts'),
  item(
    'temporary-files',
    'sockets and locks of processes that do not run here',
    'remove',
    'tmp/*',
    'tmp/.*',
    'var/tmp/*',
    'run/*.pid',
    'var/run/*.pid',
  ),
  item('queues', 'jobs would run twice', 'remove', 'var/spool/at/*', 'var/spool/cups/c*', 'var/spool/cups/d*'),
  item(
    'lvm',
    'volume identities and caches of the parent',
    'remove',
    'etc/lvm/cache/*',
    'etc/lvm/backup/*',
    'etc/lvm/archive/*',
    'etc/lvm/devices/*',
  ),
  item(
    'iscsi',
    'two initiators of one name corrupt a target',
    'remove',
    'etc/iscsi/initiatorname.iscsi',
    'etc/nvme/hostid',
    'etc/nvme/hostnqn',
  ),
  item('xen', "the parent's identity under Xen", 'remove', 'etc/xen/.uuid', 'var/lib/xen/*.cfg', 'var/lib/xenstored/*'),
  item(
    'clock-drift',
    "drift of another machine's clock",
    'remove',
    'etc/adjtime',
    'var/lib/ntp/drift',
    'var/lib/ntp/ntp.drift',
    'var/lib/chrony/drift',
    'var/lib/hwclock/adjtime',
  ),
  item(
    'login-records',
    'who logged in elsewhere',
    'empty',
    'run/utmp',
    'var/run/utmp',
    'var/account/pacct',
    'var/lib/lastlog/lastlog2.db',
  ),
  item('cloud-state', 'first-boot work would be skipped', 'remove', 'var/lib/cloud/*', 'etc/ssh/ssh_config.d/50-cloud-init.conf'),
  item(
    'tls-snakeoil',
    'a private key shared by all copies',
    'remove',
    'etc/ssl/private/ssl-cert-snakeoil.key',
    'etc/ssl/certs/ssl-cert-snakeoil.pem',
  ),
  item('wireguard', 'two peers of one key knock each other out', 'remove', 'etc/wireguard/*.key', 'etc/wireguard/*.conf'),
  item(
    'backup-files',
    "the parent's accounts as they were",
    'remove',
    'etc/passwd-',
    'etc/shadow-',
    'etc/group-',
    'etc/gshadow-',
  ),
];

export interface Finding {
  readonly id: string;
  readonly path: string;
}

/** What a root filesystem still has of the list. An empty answer: a copy may be booted beside its parent. */
export function findShared(base: TreeView, items: readonly UniquenessItem[] = UNIQUENESS): Finding[] {
  return items.flatMap(({ id, paths, action }) =>
    paths
      .flatMap((pattern) => [...matches(base, pattern)])
      .flatMap((path) => {
        if (action === 'remove') return [{ id, path }];
        return base.stat(path)?.type === 'file' && base.readText(path) !== '' ? [{ id, path }] : [];
      }),
  );
}

/** The changes after which {@link findShared} finds nothing. */
export function resetChanges(base: TreeView, items: readonly UniquenessItem[] = UNIQUENESS): Changes {
  const found = findShared(base, items);
  const emptied = new Set(items.filter(({ action }) => action === 'empty').map(({ id }) => id));
  const put: Entry[] = [];
  for (const { id, path } of found) {
    const { mode = 0o644, uid = 0, gid = 0 } = base.stat(path) ?? {};
    if (emptied.has(id)) put.push(file(path, '', { mode, uid, gid }));
  }
  return { put, remove: [...new Set(found.filter(({ id }) => !emptied.has(id)).map(({ path }) => path))] };
}

function* matches(base: TreeView, pattern: string): Generator<string> {
  const walk = function* (at: string, parts: readonly string[]): Generator<string> {
    const [part = '', ...rest] = parts;
    const names = part.includes('*') ? namesLike(base, at, part) : [part];
    for (const name of names) {
      const path = at === '' ? name : `${at}/${name}`;
      const found = base.stat(path);
      if (found === undefined) continue;
      if (rest.length === 0) yield path;
      else if (found.type === 'directory') yield* walk(path, rest);
    }
  };
  yield* walk('', pattern.split('/'));
}

function namesLike(base: TreeView, folder: string, part: string): string[] {
  const shape = new RegExp(
    `^${part
      .split('*')
      .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
  return base
    .list(folder)
    .map(({ name }) => name)
    .filter((name) => shape.test(name));
}

function item(id: string, reason: string, action: UniquenessItem['action'], ...paths: string[]): UniquenessItem {
  return { id, reason, action, paths };
}
