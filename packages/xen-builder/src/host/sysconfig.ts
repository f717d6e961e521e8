import { broadcast, prefixLength, withoutPrefix } from './description.ts';

export interface InterfaceSettings {
  readonly name: string;
  /** Address with its prefix length. */
  readonly address: string;
  /** A bridge of its own, to which nothing but guests is connected. @default false */
  readonly bridge?: boolean;
  /** Address without prefix length. */
  readonly gateway?: string;
}

/** `/etc/sysconfig/ifconfig.<name>` of an interface with a fixed address: LFS 9.5.1, and BLFS's bridge service. */
export function ifconfigFile({ name, address, bridge = false, gateway }: InterfaceSettings): string {
  return [
    'ONBOOT=yes',
    `IFACE=${name}`,
    `SERVICE=${bridge ? '"bridge ipv4-static"' : 'ipv4-static'}`,
    `IP=${withoutPrefix(address)}`,
    `PREFIX=${String(prefixLength(address))}`,
    `BROADCAST=${broadcast(address)}`,
    ...(gateway === undefined ? [] : [`GATEWAY=${gateway}`]),
    '',
  ].join('\n');
}
