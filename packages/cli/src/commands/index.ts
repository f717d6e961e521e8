import type { AnyCommand } from '../command.ts';

/** Verbs that stand alone. Each is loaded when the command line names it, all of them when it names none. */
export const verbs: Readonly<Record<string, () => Promise<AnyCommand>>> = {
  up: async () => (await import('./up.ts')).up,
  init: async () => (await import('./init.ts')).init,
  doctor: async () => (await import('./doctor.ts')).doctor,
  plan: async () => (await import('./plan.ts')).plan,
  build: async () => (await import('./build.ts')).build,
  boot: async () => (await import('./boot.ts')).boot,
  shell: async () => (await import('./shell.ts')).shell,
  log: async () => (await import('./log.ts')).log,
  why: async () => (await import('./why.ts')).why,
  sbom: async () => (await import('./sbom.ts')).sbom,
  licenses: async () => (await import('./licenses.ts')).licenses,
};

/** Verbs that belong together; what they lean on is loaded when a command line names the group. */
export interface Group {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  readonly load: () => Promise<readonly (AnyCommand | Group)[]>;
}

export const groups: readonly Group[] = [
  {
    name: 'sources',
    summary: 'tarballs: pin, fetch, mirror, verify, check',
    example: 'xlfs sources fetch',
    load: async () => (await import('./sources.ts')).sourcesCommands,
  },
  {
    name: 'store',
    summary: 'what was built: list, verify, clean up',
    example: 'xlfs store ls',
    load: async () => (await import('./store.ts')).storeCommands,
  },
  {
    name: 'kernel',
    summary: 'kernel configurations: make for a role, explain, check, compare, fix',
    example: 'xlfs kernel config --role dom0',
    load: async () => (await import('./kernel.ts')).kernelCommands,
  },
  {
    name: 'rootfs',
    summary: 'root filesystems: snapshots, forks, images, patches, signatures',
    example: 'xlfs rootfs ls --tree',
    load: async () => (await import('./rootfs.ts')).rootfsCommands,
  },
  {
    name: 'container',
    summary: 'container files: a domain with its disks in one file',
    example: 'xlfs container build web1.xen --dry-run',
    load: async () => (await import('./container.ts')).containerCommands,
  },
  {
    name: 'xl',
    summary: 'domain configurations: check, format, fix, convert, compare, explain',
    example: 'xlfs xl check /etc/xen/web1.cfg',
    load: async () => (await import('./xl.ts')).xlCommands,
  },
];
