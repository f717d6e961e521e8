import { XlConfigError } from '../errors.ts';

/** One entry of `vif`, as xl-network-configuration(5) names its parameters. */
export interface Vif {
  readonly mac?: string;
  readonly bridge?: string;
  /** Outgoing device of the routed and NAT scripts. */
  readonly gatewaydev?: string;
  /** `vif`: paravirtual only; `ioemu`: an emulated card besides (HVM). */
  readonly type?: 'vif' | 'ioemu';
  /** Emulated card: `e1000`, `rtl8139`, `virtio-net`, … */
  readonly model?: string;
  readonly vifname?: string;
  readonly script?: string;
  readonly ip?: string;
  readonly backend?: string;
  /** `10Mb/s`, `1GB/s@20ms`: decimal multipliers, a replenishment window of 50 ms unless given. */
  readonly rate?: string;
  readonly devid?: number;
  readonly mtu?: number;
  readonly vlan?: string;
  readonly trusted?: boolean;
  /** COLO's many parameters, by their xl names (`colo_sock_mirror_id`, `forwarddev`, …). */
  readonly colo?: Readonly<Record<string, string>>;
}

const VALUES = ['mac', 'bridge', 'gatewaydev', 'type', 'model', 'vifname', 'script', 'ip', 'backend', 'rate', 'devid', 'mtu', 'vlan'] as const;

/**
 * The network interface as one xl.cfg string.
 * @throws XlConfigError NOT_WRITABLE for a value with a comma, which the format cannot carry.
 */
export function formatVif(vif: Vif): string {
  const named: [string, string | number | undefined][] = [...VALUES.map((name): [string, string | number | undefined] => [name, vif[name]]), ...Object.entries(vif.colo ?? {})];
  const parts = named.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${carried(name, String(value))}`);
  if (vif.trusted !== undefined) parts.push(vif.trusted ? 'trusted' : 'untrusted');
  return parts.join(',');
}

function carried(name: string, value: string): string {
  if (!value.includes(',')) return value;
  throw new XlConfigError('NOT_WRITABLE', `vif ${name} cannot hold a comma: ${JSON.stringify(value)}`, { hint: 'Give a value without a comma.' });
}
