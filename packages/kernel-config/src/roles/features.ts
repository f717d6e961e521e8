import { because, since, until, type RoleOption } from './option.ts';

/** Abilities beyond a role's core. Each role has defaults; see `roleFeatures`. */
export const featureNames = [
  'bridge',
  'tun',
  'nat',
  'ipv6',
  'loop',
  'lvm',
  'nfs-root',
  'overlay',
  'ip-autoconfig',
  'hvm',
  'pci-passthrough',
  'pv-scsi',
  'pv-framebuffer',
  'containers',
  'hardening',
  'debug',
  'modules',
] as const;

export type Feature = (typeof featureNames)[number];

export interface FeatureOptions {
  readonly everywhere: readonly RoleOption[];
  /** Only where the kernel may be dom0. */
  readonly inDom0?: readonly RoleOption[];
  /** Only where the kernel may be a guest. */
  readonly inDomU?: readonly RoleOption[];
}

export const features: Readonly<Record<Feature, FeatureOptions>> = {
  bridge: { everywhere: because('vifs and the network card meet on a bridge', 'BRIDGE') },
  tun: { everywhere: because('tap devices: QEMU as device model, VPNs', 'TUN') },
  nat: {
    everywhere: [
      ...because(
        'guests reach the world through this host',
        'IP_ADVANCED_ROUTER',
        'NETFILTER',
        'NETFILTER_ADVANCED',
        'NF_CONNTRACK',
        'NF_NAT',
      ),
      ...because('rules by nft', 'NF_TABLES', 'NF_TABLES_IPV4', 'NFT_CT', 'NFT_NAT', 'NFT_MASQ'),
      ...because("one nft table for both families of addresses, as in every distribution's example", 'IPV6', 'NF_TABLES_INET'),
      ...since('6.17', because('rules by iptables', 'NETFILTER_XTABLES_LEGACY', 'IP_NF_IPTABLES_LEGACY')),
      ...because(
        'rules by iptables, as in the hotplug script vif-nat',
        'NETFILTER_XTABLES',
        'IP_NF_IPTABLES',
        'IP_NF_FILTER',
        'IP_NF_NAT',
        'IP_NF_TARGET_MASQUERADE',
        'NETFILTER_XT_MATCH_CONNTRACK',
      ),
    ],
  },
  ipv6: { everywhere: because('daemons listen on :: by default', 'IPV6') },
  loop: { everywhere: because('disk images in files', 'BLK_DEV_LOOP') },
  lvm: {
    everywhere: because(
      'logical volumes, snapshots and thin pools as guest disks',
      'MD',
      'BLK_DEV_DM',
      'DM_SNAPSHOT',
      'DM_THIN_PROVISIONING',
      'DM_MIRROR',
      'DM_ZERO',
    ),
  },
  'nfs-root': {
    everywhere: [
      ...because('file systems of an NFS server', 'NETWORK_FILESYSTEMS', 'NFS_FS', 'NFS_V3', 'NFS_V4'),
      ...because(
        'the root file system over NFS, with an address from the kernel command line or DHCP',
        'IP_PNP',
        'IP_PNP_DHCP',
        'ROOT_NFS',
      ),
    ],
  },
  overlay: {
    everywhere: [
      ...because("a fork's writable layer above a shared base", 'OVERLAY_FS'),
      ...because(
        'read-only bases as squashfs',
        'MISC_FILESYSTEMS',
        'SQUASHFS',
        'SQUASHFS_XATTR',
        'SQUASHFS_ZLIB',
        'SQUASHFS_XZ',
        'SQUASHFS_ZSTD',
      ),
      ...because('read-only bases as EROFS', 'EROFS_FS', 'EROFS_FS_XATTR', 'EROFS_FS_ZIP'),
    ],
  },
  'ip-autoconfig': { everywhere: because('ip=… on the kernel command line sets an address before init', 'IP_PNP') },
  hvm: {
    everywhere: [],
    inDom0: because('QEMU as device model', 'TUN'),
    inDomU: [
      ...because('PV drivers on an HVM machine', 'PCI'),
      ...since('5.11', because('PV drivers on an HVM machine', 'XEN_PVHVM_GUEST')),
      ...because(
        'an HVM guest sees emulated SATA and IDE until the PV drivers take over',
        'ATA',
        'ATA_BMDMA',
        'ATA_SFF',
        'SCSI',
        'BLK_DEV_SD',
        'ATA_PIIX',
        'SATA_AHCI',
      ),
      ...because('an HVM guest has a serial port', 'SERIAL_8250', 'SERIAL_8250_CONSOLE'),
    ],
  },
  'pci-passthrough': {
    everywhere: because('the PCI bus', 'PCI', 'PCI_MSI'),
    inDom0: because('hands PCI devices to guests', 'XEN_PCIDEV_BACKEND'),
    inDomU: because('uses PCI devices handed in by dom0', 'XEN_PCIDEV_FRONTEND'),
  },
  'pv-scsi': {
    everywhere: because('the SCSI layer and its disks', 'SCSI', 'BLK_DEV_SD'),
    inDom0: because('hands SCSI devices to guests', 'TARGET_CORE', 'XEN_SCSI_BACKEND'),
    inDomU: because('uses SCSI devices handed in by dom0', 'SCSI_LOWLEVEL', 'XEN_SCSI_FRONTEND'),
  },
  'pv-framebuffer': {
    everywhere: [],
    inDomU: because(
      'a graphical console over vfb',
      'FB',
      'XEN_FBDEV_FRONTEND',
      'INPUT',
      'INPUT_MISC',
      'INPUT_XEN_KBDDEV_FRONTEND',
      'VT',
      'FRAMEBUFFER_CONSOLE',
    ),
  },
  containers: {
    everywhere: [
      ...because('name spaces', 'NAMESPACES', 'UTS_NS', 'IPC_NS', 'USER_NS', 'PID_NS', 'NET_NS'),
      ...because(
        'control groups, as systemd and container run times need',
        'CGROUPS',
        'MEMCG',
        'BLK_CGROUP',
        'CGROUP_SCHED',
        'CGROUP_PIDS',
        'CGROUP_FREEZER',
        'CPUSETS',
        'CGROUP_DEVICE',
        'CGROUP_CPUACCT',
        'BPF_SYSCALL',
        'CGROUP_BPF',
      ),
      ...because('a pair of interfaces between name spaces', 'VETH'),
    ],
  },
  hardening: {
    everywhere: [
      ...because('mitigations of speculation attacks', 'CPU_MITIGATIONS'),
      ...since('6.9', because('mitigations of speculation attacks', 'MITIGATION_RETPOLINE', 'MITIGATION_PAGE_TABLE_ISOLATION')),
      ...until('6.8', because('mitigations of speculation attacks', 'RETPOLINE', 'PAGE_TABLE_ISOLATION')),
      ...because('addresses differ at each boot', 'RELOCATABLE', 'RANDOMIZE_BASE', 'RANDOMIZE_MEMORY'),
      ...because(
        'an overrun stack stops the kernel',
        'STACKPROTECTOR',
        'STACKPROTECTOR_STRONG',
        'VMAP_STACK',
        'SCHED_STACK_END_CHECK',
      ),
      ...because('memory is cleared before use', 'INIT_ON_ALLOC_DEFAULT_ON', 'INIT_STACK_ALL_ZERO'),
      ...because('copies and string functions check sizes', 'HARDENED_USERCOPY', 'FORTIFY_SOURCE'),
      ...because('the heap is harder to predict', 'SLAB_FREELIST_RANDOM', 'SLAB_FREELIST_HARDENED', 'SHUFFLE_PAGE_ALLOCATOR'),
      ...since('6.6', because('corrupt lists are caught', 'LIST_HARDENED')),
      ...because('corrupt lists are caught', 'BUG_ON_DATA_CORRUPTION'),
      ...because('programs cannot read the kernel log or trace others', 'SECURITY', 'SECURITY_DMESG_RESTRICT', 'SECURITY_YAMA'),
      ...because(
        'old interfaces that attackers like',
        'DEVMEM=n',
        'PROC_KCORE=n',
        'LEGACY_VSYSCALL_NONE',
        'MODIFY_LDT_SYSCALL=n',
      ),
    ],
  },
  debug: {
    everywhere: because('readable traces and magic SysRq', 'KALLSYMS', 'MAGIC_SYSRQ', 'DEBUG_KERNEL', 'PANIC_TIMEOUT=10'),
  },
  modules: { everywhere: because('drivers can be added later', 'MODULES', 'MODULE_UNLOAD') },
};
