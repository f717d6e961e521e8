import { because, since, type RoleOption } from './option.ts';

/** What any small headless kernel of ours has, whatever it boots on. */
export const kernelCore: readonly RoleOption[] = [
  ...because('Xen, and every guest we build, is 64-bit', '64BIT'),
  ...because('more than one vCPU', 'SMP'),
  ...because('opens the choices below that are hidden from non-experts', 'EXPERT'),
  ...because('small is quicker to load, to unpack and to compile', 'CC_OPTIMIZE_FOR_SIZE'),
  ...because('the tiny allocator saves kilobytes and costs speed', 'SLUB_TINY=n'),
  ...because('messages, and a stop with a trace on a bug', 'PRINTK', 'BUG'),
  ...because('tickless and precise timers: an idle guest must not wake the host', 'HIGH_RES_TIMERS', 'NO_HZ_IDLE'),
  ...because('a slow tick is enough for servers and halves the exits of emulation', 'HZ_100'),
  ...because('a stack overflow is caught at once', 'VMAP_STACK'),
  ...because('vCPUs can be added and removed while running', 'HOTPLUG_CPU'),
  ...because('programs that the kernel can start', 'BINFMT_ELF', 'BINFMT_SCRIPT'),
  ...because('/proc/config.gz tells what is running', 'IKCONFIG', 'IKCONFIG_PROC'),
];

/** System calls and file systems that glibc, a shell, SysV init, udev and sshd take for granted. */
export const userland: readonly RoleOption[] = [
  ...because('users other than root', 'MULTIUSER'),
  ...because(
    'system calls that C libraries and daemons expect',
    'FUTEX',
    'EPOLL',
    'SIGNALFD',
    'TIMERFD',
    'EVENTFD',
    'AIO',
    'POSIX_TIMERS',
    'SYSVIPC',
    'POSIX_MQUEUE',
    'ADVISE_SYSCALLS',
    'MEMBARRIER',
    'FILE_LOCKING',
    'FHANDLE',
    'INOTIFY_USER',
    'RSEQ',
  ),
  ...because('sshd and others confine their children with filters', 'SECCOMP', 'SECCOMP_FILTER'),
  ...because('terminals for consoles and for ssh sessions', 'TTY', 'UNIX98_PTYS'),
  ...because('/proc, /proc/sys and /sys', 'PROC_FS', 'PROC_SYSCTL', 'SYSFS'),
  ...because('/dev fills itself', 'DEVTMPFS', 'DEVTMPFS_MOUNT'),
  ...because('/dev/shm, /run and /tmp in memory', 'SHMEM', 'TMPFS', 'TMPFS_POSIX_ACL', 'TMPFS_XATTR'),
];

/** An initial RAM disk in any format that our image writers use. */
export const initialRamDisk: readonly RoleOption[] = [
  ...because('the system, or its first stage, arrives as an initramfs', 'BLK_DEV_INITRD'),
  ...because('compressions of an initramfs that we write', 'RD_GZIP', 'RD_XZ', 'RD_ZSTD'),
  ...because('compressions that nobody uses here', 'RD_BZIP2=n', 'RD_LZMA=n', 'RD_LZO=n', 'RD_LZ4=n'),
];

/** Disks as such, and the file system of our roots. */
export const blockAndExt4: readonly RoleOption[] = [
  ...because('block devices', 'BLOCK', 'BLK_DEV'),
  ...since('6.8', because('tune2fs and partition tools write to disks that are mounted', 'BLK_DEV_WRITE_MOUNTED')),
  ...because('swap on a disk', 'SWAP'),
  ...because(
    'the root file system of disks, with labels as capabilities and ACLs',
    'EXT4_FS',
    'EXT4_FS_POSIX_ACL',
    'EXT4_FS_SECURITY',
  ),
  ...because('old ext2 and ext3 images mount too', 'EXT4_USE_FOR_EXT2'),
  ...because('partition tables of real disks', 'PARTITION_ADVANCED', 'MSDOS_PARTITION', 'EFI_PARTITION'),
];

/** Sockets and IPv4; `ipv6` is a feature. */
export const network: readonly RoleOption[] = [
  ...because('sockets: local, raw (dhcp, ping) and IPv4', 'NET', 'UNIX', 'PACKET', 'INET'),
  ...because('network devices', 'NETDEVICES', 'NET_CORE'),
];

/** How the bzImage is packed. */
export type KernelCompression = 'gzip' | 'xz' | 'zstd';

export function compressedWith(compression: KernelCompression): readonly RoleOption[] {
  const reasons: Record<KernelCompression, string> = {
    gzip: 'every tool stack can unpack gzip, and no extra program is needed to build it',
    xz: 'the smallest image; slow to unpack under emulation',
    zstd: 'small and quick to unpack; the builder needs zstd, the tool stack libzstd',
  };
  return because(reasons[compression], `KERNEL_${compression.toUpperCase()}`);
}
