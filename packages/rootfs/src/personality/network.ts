import { file, type Entry } from '../tree/entry.ts';
import type { NetworkInterface, Personality } from './schema.ts';

/** Files that give a guest its place in the network, in the form of the LFS book's network scripts (chapter 9, "General Network Configuration"). */
export function networkFiles(personality: Personality): Entry[] {
  const files = [file('etc/hostname', `${personality.hostname}\n`), file('etc/hosts', hosts(personality))];
  const counts = new Map<string, number>();
  for (const one of personality.interfaces) {
    const count = counts.get(one.name) ?? 0;
    counts.set(one.name, count + 1);
    files.push(file(`etc/sysconfig/ifconfig.${one.name}${count === 0 ? '' : `-${String(count)}`}`, ifconfig(one)));
  }
  if (personality.resolver !== undefined) files.push(file('etc/resolv.conf', resolver(personality.resolver)));
  return files;
}

/** First static address without its length; empty with DHCP only. */
export function firstAddress(personality: Personality): string {
  const fixed = personality.interfaces.find(({ address }) => address !== 'dhcp');
  return fixed?.address.split('/')[0] ?? '';
}

/** `host.domain`, or the bare host name. */
export function fullName({ hostname, domain }: Personality): string {
  return domain === undefined ? hostname : `${hostname}.${domain}`;
}

function hosts(personality: Personality): string {
  const names = [...new Set([fullName(personality), personality.hostname])].join(' ');
  const own = firstAddress(personality) || '127.0.1.1';
  const more = personality.hosts.map(({ address, names: others }) => `${address} ${others.join(' ')}`);
  const lines = [
    '127.0.0.1 localhost',
    `${own} ${names}`,
    '::1 localhost ip6-localhost ip6-loopback',
    'ff02::1 ip6-allnodes',
    'ff02::2 ip6-allrouters',
  ];
  return [...lines, ...more, ''].join('\n');
}

/** The network script reads this with the shell: every value in it has been checked to be a word. */
function ifconfig({ name, address, gateway, client }: NetworkInterface): string {
  const lines = ['ONBOOT=yes', `IFACE=${name}`];
  if (address === 'dhcp') {
    lines.push(`SERVICE=${client}`, ...DHCP[client]);
  } else {
    const [ip = '', prefix = ''] = address.split('/');
    lines.push('SERVICE=ipv4-static', `IP=${ip}`);
    if (gateway !== undefined) lines.push(`GATEWAY=${gateway}`);
    lines.push(`PREFIX=${prefix}`, `BROADCAST=${broadcast(ip, Number(prefix))}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What BLFS's service scripts read. */
const DHCP: Readonly<Record<NetworkInterface['client'], readonly string[]>> = {
  dhcpcd: ['DHCP_START="-b -q"', 'DHCP_STOP="-k"'],
  dhclient: ['DHCP_START=""', 'DHCP_STOP=""', 'PRINTIP=no', 'PRINTALL=no'],
  udhcpc: ['DHCP_START="-b -q"', 'DHCP_STOP=""'],
};

function broadcast(ip: string, prefix: number): string {
  const bits = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const last = bits + 2 ** (32 - prefix) - 1 - (bits % 2 ** (32 - prefix));
  return [24, 16, 8, 0].map((shift) => String(Math.floor(last / 2 ** shift) % 256)).join('.');
}

function resolver({ nameservers, search }: NonNullable<Personality['resolver']>): string {
  const lines = [
    ...(search.length === 0 ? [] : [`search ${search.join(' ')}`]),
    ...nameservers.map((server) => `nameserver ${server}`),
  ];
  return `${lines.join('\n')}\n`;
}
