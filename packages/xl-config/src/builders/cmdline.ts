import { XlConfigError } from '../errors.ts';

/** How the guest's kernel configures its first interface: `ip=` of the kernel's nfsroot.rst. */
export interface KernelIp {
  readonly address: string;
  readonly server?: string;
  readonly gateway?: string;
  readonly netmask?: string;
  readonly hostname?: string;
  /** @default 'eth0' */
  readonly device?: string;
}

/** Where the guest's kernel finds its root file system. */
export type Root =
  | { readonly device: string; readonly access?: 'ro' | 'rw'; readonly filesystem?: string }
  | {
      /** `server:/path`, or `/path` when DHCP names the server. */
      readonly nfs: string;
      readonly options?: readonly string[];
      readonly ip: 'dhcp' | KernelIp;
      readonly access?: 'ro' | 'rw';
    };

export interface CommandLine {
  readonly root?: Root;
  /** @default 'hvc0' */
  readonly console?: string | false;
  /** Further words for the kernel or init, last. */
  readonly append?: readonly string[];
}

/**
 * The kernel's command line in one string.
 * @throws XlConfigError NOT_WRITABLE for a word with white space, which the kernel would take for two.
 */
export function commandLine({ root, console = 'hvc0', append = [] }: CommandLine): string {
  const words = [...(console === false ? [] : [`console=${console}`]), ...(root === undefined ? [] : rootWords(root)), ...append];
  const broken = words.find((word) => word === '' || (/\s/.test(word) && !/^[^\s"]*"[^"]*"$/.test(word)));
  if (broken === undefined) return words.join(' ');
  throw new XlConfigError('NOT_WRITABLE', `not one word of a kernel command line: ${JSON.stringify(broken)}`, {
    hint: 'Give each word alone, or quote its value: name="two words".',
  });
}

function rootWords(root: Root): string[] {
  if ('nfs' in root) {
    const path = [root.nfs, ...(root.options ?? [])].join(',');
    return ['root=/dev/nfs', `nfsroot=${path}`, `ip=${ipWord(root.ip)}`, root.access ?? 'rw'];
  }
  return [
    `root=${root.device}`,
    ...(root.filesystem === undefined ? [] : [`rootfstype=${root.filesystem}`]),
    root.access ?? 'rw',
  ];
}

function ipWord(ip: 'dhcp' | KernelIp): string {
  if (ip === 'dhcp') return 'dhcp';
  const { address, server = '', gateway = '', netmask = '', hostname = '', device = 'eth0' } = ip;
  return [address, server, gateway, netmask, hostname, device, 'off'].join(':');
}
