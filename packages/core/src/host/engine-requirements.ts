import { access, readFile, statfs } from 'node:fs/promises';
import { release, totalmem } from 'node:os';
import { asNamespaceRoot } from '../sandbox/namespace-worker.ts';
import { LOCAL_JOBS } from '../execute/local.ts';
import { compareVersions, program, type Requirement } from './requirement.ts';

const GIB = 1024 ** 3;

/** `madvise` on some distributions, and compilers do not ask for them. */
const HUGE_PAGES = '/sys/kernel/mm/transparent_hugepage/enabled';

/** What the engine itself needs, whatever is built with it. */
export function engineRequirements(storeDir: string): Requirement[] {
  return [
    {
      name: 'kernel',
      why: 'overlay mounts in user namespaces came with Linux 5.11',
      fix: 'boot a kernel of 5.11 or newer',
      probe: () => {
        const version = /^\d+(\.\d+)+/.exec(release())?.[0] ?? '0';
        return Promise.resolve(compareVersions(version, '5.11') >= 0 ? release() : undefined);
      },
    },
    {
      name: 'overlay',
      why: 'a step’s root is an overlay of its inputs’ layers',
      fix: 'modprobe overlay',
      probe: async () => ((await readFile('/proc/filesystems', 'utf8')).includes('\toverlay\n') ? 'in the kernel' : undefined),
    },
    {
      name: 'user namespaces',
      why: 'steps run as root of their own namespace, with subordinate ids',
      fix: 'sysctl user.max_user_namespaces and, on Ubuntu 24.04 and later, kernel.apparmor_restrict_unprivileged_userns=0; /etc/subuid and /etc/subgid need a line for you (usermod --add-subuids 100000-165535 --add-subgids 100000-165535 NAME)',
      probe: async () => {
        await asNamespaceRoot({ module: LOCAL_JOBS, export: 'removeFolders', params: [] });
        return 'with subordinate ids';
      },
    },
    {
      name: 'unshare, flock, setpriv',
      why: 'make namespaces, lock the store',
      fix: 'apt install util-linux',
      probe: program(['unshare', '--version'], '2.36'),
    },
    {
      name: 'newuidmap',
      why: 'maps subordinate ids for an ordinary user',
      fix: 'apt install uidmap',
      probe: () => onPath('newuidmap'),
    },
    {
      name: 'getfattr',
      why: 'reads extended attributes of layers',
      fix: 'apt install attr',
      probe: program(['getfattr', '--version']),
    },
    { name: 'bash', why: 'enters namespaces', fix: 'apt install bash', probe: program(['bash', '--version']) },
    {
      name: 'perl',
      why: 'gives packages’ tests a loopback interface',
      fix: 'apt install perl-base',
      probe: program(['perl', '--version']),
    },
    { name: 'tar', why: 'unpacks sources', fix: 'apt install tar', probe: program(['tar', '--version'], '1.26') },
    { name: 'xz', why: 'unpacks sources', fix: 'apt install xz-utils', probe: program(['xz', '--version']) },
    {
      name: 'disk',
      why: 'sources, layers and build folders of a host build',
      fix: 'free some space or choose another folder with --store DIR',
      probe: async () => {
        const { bavail, bsize } = await statfs(storeDir).catch(() => statfs('/'));
        const free = (bavail * bsize) / GIB;
        return free >= 6 ? `${free.toFixed(0)} GiB free` : undefined;
      },
    },
    {
      name: 'memory',
      why: 'two compilers at a time, or QEMU with a host and two guests',
      fix: 'a machine with 4 GiB or more',
      probe: () => Promise.resolve(totalmem() / GIB >= 3.5 ? `${(totalmem() / GIB).toFixed(0)} GiB` : undefined),
    },
    {
      name: 'huge pages',
      level: 'optional',
      why: 'compilers take fewer page faults, which cost most in a virtual machine',
      fix: `echo always > ${HUGE_PAGES}`,
      probe: async () => ((await readFile(HUGE_PAGES, 'utf8')).includes('[always]') ? 'for every program' : undefined),
    },
  ];
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    const found = await access(`${folder}/${name}`).then(
      () => true,
      () => false,
    );
    if (found) return `${folder}/${name}`;
  }
  return undefined;
}
