import type { Root } from '../recipe/recipe.ts';
import { HOST_NAME, JOBSERVER_FD, TARGET } from './environment.ts';
import { lockedMountFlags, topLevelFolders } from './host-view.ts';

export interface SetupOptions {
  readonly root: Root;
  /** How many layers lie in `l/0` (lowest) and up. */
  readonly layerCount: number;
  /** Folders below `/build`, the first being where the script starts; what lies below each is `t/<name>/0` (topmost) and up. */
  readonly folders: readonly { readonly name: string; readonly lowers: number }[];
  readonly withJobserver: boolean;
  /** Whether tests are run in it, which talk to what they test through terminals, and to themselves over the loopback interface. */
  readonly forTests: boolean;
}

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
/** `userxattr` also for root: the same layer serves both. The names are relative, since the option string may not exceed a page. */
const OVERLAY = 'userxattr';

/**
 * The shell script that turns a prepared working folder (its cwd) into the step's root and enters it. Runs as PID 1 of fresh namespaces.
 * Every word in it is fixed or a validated name; paths of the host come in through links made beforehand.
 */
export function setupScript(options: SetupOptions): string {
  const { root, folders, withJobserver, forTests } = options;
  const target = root === 'composed' ? 'root' : `root${TARGET}`;
  return [
    'set -eu',
    'umask 022',
    ...(root === 'composed' ? [] : hostRoot()),
    overlay(lowerDirs(options), 'upper', 'ovl', target),
    ...kernelFolders(),
    ...(forTests ? [...TERMINALS, LOOPBACK_UP] : []),
    'mkdir -p root/build root/files',
    'mount --bind build root/build',
    'mount --bind files root/files',
    ...folders.map(({ name, lowers }) => {
      const lower = Array.from({ length: lowers }, (_, i) => `t/${name}/${String(i)}`).join(':');
      return overlay(lower, `b/${name}/upper`, `b/${name}/ovl`, `root/build/${name}`);
    }),
    ...(withJobserver ? ['touch root/run/jobserver', 'mount --bind jobserver root/run/jobserver'] : []),
    `hostname ${HOST_NAME}`,
    ...leaveHost(),
    ...(withJobserver ? [`exec ${String(JOBSERVER_FD)}<>/run/jobserver`] : []),
    `cd /build/${folders[0]?.name ?? ''}`,
    'exec "$@"',
    '',
  ].join('\n');
}

/** overlayfs wants at least one lower folder, and lists them topmost first. */
function lowerDirs({ layerCount }: SetupOptions): string {
  return [...Array.from({ length: layerCount }, (_, i) => `l/${String(layerCount - 1 - i)}`), 'empty'].join(':');
}

function overlay(lower: string, upper: string, work: string, at: string): string {
  return `mount -t overlay -o ${OVERLAY},lowerdir=${lower},upperdir=${upper},workdir=${work} overlay ${at}`;
}

/** The host's /usr, read-only and without what its administrator put into /usr/local; nothing else of it. */
function hostRoot(): string[] {
  const readOnly = (path: string, at: string): string[] => [
    `mount --bind ${path} ${at}`,
    `mount -o ${['remount', 'bind', 'ro', ...lockedMountFlags(path)].join(',')} ${at}`,
  ];
  return [
    'mount -t tmpfs -o mode=755 xlfs root',
    `mkdir root/usr root/etc root/tmp root/var root/root root${TARGET}`,
    ...readOnly('/usr', 'root/usr'),
    'if [ -d root/usr/local ]; then mount -t tmpfs -o ro,mode=755 xlfs root/usr/local; fi',
    ...topLevelFolders().flatMap(({ name, link }) =>
      link === undefined ? [`mkdir root/${name}`, ...readOnly(`/${name}`, `root/${name}`)] : [`ln -s ${link} root/${name}`],
    ),
    'cp etc/* root/etc/',
    'if [ -d /etc/alternatives ]; then mkdir root/etc/alternatives; cp -P /etc/alternatives/* root/etc/alternatives/; fi',
  ];
}

/**
 * Makes `root` the root and detaches the host's. The new root may have no `umount` yet, so the host's is run once more, by the host's own
 * loader through an open descriptor.
 */
function leaveHost(): string[] {
  return [
    'umount=$(readlink -f "$(command -v umount)")',
    'needed=$(ldd "$umount" | grep -o \'/[^ ]*\')',
    'loader=; libraries=',
    'for file in $needed; do',
    '  case $file in */ld-*.so*) loader=$(readlink -f "$file") ;; *) libraries=$libraries:/proc/self/fd/8${file%/*} ;; esac',
    'done',
    'cd root',
    'exec 8</',
    'pivot_root . .',
    '"/proc/self/fd/8$loader" --library-path "${libraries#:}" "/proc/self/fd/8$umount" -l .',
    'exec 8<&-',
  ];
}

function kernelFolders(): string[] {
  return [
    'mkdir -p root/dev root/proc root/tmp root/run',
    'mount -t tmpfs -o mode=755 xlfs root/dev',
    ...DEVICES.map((name) => `: > root/dev/${name}; mount --bind /dev/${name} root/dev/${name}`),
    'mkdir -m 1777 root/dev/shm',
    'ln -s /proc/self/fd root/dev/fd; ln -s fd/0 root/dev/stdin; ln -s fd/1 root/dev/stdout; ln -s fd/2 root/dev/stderr',
    'mount -t proc -o nosuid,nodev,noexec proc root/proc',
    'mount -t tmpfs -o mode=1777 xlfs root/tmp',
    'mount -t tmpfs -o mode=755 xlfs root/run',
  ];
}

/** By a multiplexer of their own that everybody may use. */
const TERMINALS = [
  'mkdir root/dev/pts',
  'mount -t devpts -o newinstance,gid=5,mode=620,ptmxmode=666 devpts root/dev/pts',
  'ln -s pts/ptmx root/dev/ptmx',
];

/** SIOCSIFFLAGS with IFF_UP, netdevice(7), by the one program of a small Debian that can: the root may have none. */
const LOOPBACK_UP = `perl -e 'socket(S,2,2,0) && ioctl(S,0x8914,$r=pack("a16 s x22","lo",1)) || die "lo: $!"'`;
