import type { Disk } from './specs/disk.ts';
import type { Vif } from './specs/vif.ts';

export type GuestType = 'pv' | 'pvh' | 'hvm';
export type ShutdownAction = 'destroy' | 'restart' | 'rename-restart' | 'preserve' | 'coredump-destroy' | 'coredump-restart' | 'soft-reset';

/** One domain's configuration, keyed as in xl.cfg(5). */
export interface DomainConfig {
  readonly name: string;
  readonly type?: GuestType;
  readonly uuid?: string;
  /** MiB. */
  readonly memory?: number;
  /** MiB. */
  readonly maxmem?: number;
  readonly vcpus?: number;
  readonly maxvcpus?: number;
  readonly kernel?: string;
  readonly ramdisk?: string;
  readonly cmdline?: string;
  readonly root?: string;
  readonly extra?: string;
  readonly bootloader?: string;
  readonly bootloader_args?: string | readonly string[];
  readonly on_poweroff?: ShutdownAction;
  readonly on_reboot?: ShutdownAction;
  readonly on_watchdog?: ShutdownAction;
  readonly on_crash?: ShutdownAction;
  readonly on_soft_reset?: ShutdownAction;
  readonly disk?: readonly Disk[];
  readonly vif?: readonly Vif[];
  readonly serial?: string | readonly string[];
  readonly vnc?: boolean;
  readonly nographic?: boolean;
  readonly boot?: string;
}
