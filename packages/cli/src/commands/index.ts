import type { AnyCommand } from '../command.ts';
import { boot } from './boot.ts';
import { build } from './build.ts';
import { doctor } from './doctor.ts';
import { init } from './init.ts';
import { log } from './log.ts';
import { plan } from './plan.ts';
import { shell } from './shell.ts';
import { up } from './up.ts';
import { why } from './why.ts';

export const commands: readonly AnyCommand[] = [up, init, doctor, plan, build, boot, shell, log, why];

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
    summary: 'tarballs: pin, fetch, mirror, verify',
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
