import { XlConfigError } from '../errors.ts';
import type { Fields } from '../libxl/json.ts';
import { int, strtoul } from '../schema/c.ts';
import { devices } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';
import { atLeast } from '../versions.ts';
import { defined, formatOptions } from './options.ts';
import { parseRate } from './vif-rate.ts';

/** One entry of `vif`, as xl-network-configuration(5) names its parameters. */
export interface Vif {
  /** Six hexadecimal bytes. libxl makes one up when it is missing. */
  readonly mac?: string;
  /** Bridge of the host. @default 'xenbr0' */
  readonly bridge?: string;
  /** Outgoing device of the routed and NAT scripts. */
  readonly gatewaydev?: string;
  /** `vif`: paravirtual only; `ioemu`: an emulated card besides (HVM). */
  readonly type?: 'vif' | 'ioemu';
  /** Emulated card: `e1000`, `rtl8139`, `virtio-net`, … */
  readonly model?: string;
  /** Name of the interface in the backend domain. */
  readonly vifname?: string;
  /** Hotplug script. @default 'vif-bridge' */
  readonly script?: string;
  readonly ip?: string;
  /** Domain that serves the interface. @default 'Domain-0' */
  readonly backend?: string;
  /** `10Mb/s`, `1GB/s@20ms`: decimal multipliers, a replenishment window of 50 ms unless given. */
  readonly rate?: string;
  readonly devid?: number;
  readonly mtu?: number;
  /** Since Xen 4.19. */
  readonly vlan?: string;
  readonly trusted?: boolean;
  /** COLO's many parameters, by their xl names (`colo_sock_mirror_id`, `forwarddev`, …). */
  readonly colo?: Readonly<Record<string, string>>;
}

const TEXTS = ['bridge', 'gatewaydev', 'ip', 'script', 'backend', 'vifname', 'model'] as const;

/** Names of the COLO parameters, in libxl's words. */
export const COLO_OPTIONS: readonly string[] = [
  'forwarddev',
  ...[
    'mirror',
    'compare_pri_in',
    'compare_sec_in',
    'compare_notify',
    'redirector0',
    'redirector1',
    'redirector2',
    'sec_redirector0',
    'sec_redirector1',
  ].flatMap((socket) => ['id', 'ip', 'port'].map((part) => `colo_sock_${socket}_${part}`)),
  ...['mirror', 'redirector0', 'redirector1', 'sec_redirector0', 'sec_redirector1', 'sec_rewriter0'].map(
    (filter) => `colo_filter_${filter}_queue`,
  ),
  ...['redirector0', 'redirector1', 'sec_redirector0', 'sec_redirector1'].map((filter) => `colo_filter_${filter}_indev`),
  ...['mirror', 'redirector0', 'redirector1', 'sec_redirector0', 'sec_redirector1'].map(
    (filter) => `colo_filter_${filter}_outdev`,
  ),
  ...['pri_in', 'sec_in', 'out', 'notify_dev'].map((compare) => `colo_compare_${compare}`),
  'colo_checkpoint_host',
  'colo_checkpoint_port',
];
const COLO = new Set(COLO_OPTIONS);

export const vifs = devices<Vif>('list of network interfaces', readVif, formatVif);

type Draft = { -readonly [K in keyof Vif]: Vif[K] } & { colo?: Record<string, string> };

/** xl goes on after an option that it cannot read, but ends at a bad rate, devid or mtu. */
function readVif(text: string, context: ReadContext, item: number): Vif | undefined {
  const vif: Draft = {};
  // strtok(3) leaves NUL bytes where the commas were; the reader of `mac` runs over them.
  const bytes = text.split(',').join('\0');
  let at = 0;
  for (const piece of text.split(',')) {
    const start = at + (/^ */.exec(piece) as RegExpExecArray)[0].length;
    if (
      piece !== '' &&
      !readOption(vif, piece.trimStart() === piece ? piece : piece.replace(/^ +/, ''), bytes.slice(start), context, item)
    )
      return undefined;
    at += piece.length + 1;
  }
  return vif;
}

function readOption(vif: Draft, option: string, rest: string, context: ReadContext, item: number): boolean {
  const equals = option.indexOf('=');
  const name = equals === -1 ? option : option.slice(0, equals);
  const value = option.slice(equals + 1);
  const ignored = (message: string, hint?: string): true => {
    context.warn('OPTION_IGNORED', message, { item, ...(hint === undefined ? {} : { hint }) });
    return true;
  };
  if (equals === -1) {
    if (name !== 'trusted' && name !== 'untrusted')
      return ignored(`vif: unknown option ${JSON.stringify(option)}`, 'Options are name=value.');
    vif.trusted = name === 'trusted';
    return true;
  }
  if (name === 'type') {
    if (value !== 'vif' && value !== 'ioemu')
      return ignored(`vif: unknown type ${JSON.stringify(value)}`, 'Known are vif and ioemu.');
    vif.type = value;
  } else if (name === 'mac') {
    const { mac, whole } = readMac(vif.mac, rest.slice('mac='.length));
    vif.mac = mac;
    if (!whole) return ignored(`vif: not a MAC address: ${JSON.stringify(value)}`, 'Six hexadecimal bytes: 00:16:3e:xx:xx:xx.');
  } else if (name === 'netdev') {
    context.warn('DEPRECATED', 'vif: netdev is deprecated', { item, hint: 'Write gatewaydev.' });
    vif.gatewaydev = value;
  } else if ((TEXTS as readonly string[]).includes(name)) {
    vif[name as (typeof TEXTS)[number]] = value;
  } else if (name === 'vlan' && atLeast(context.xen, '4.19')) {
    vif.vlan = value;
  } else if (name === 'rate') {
    return readRate(vif, value, context, item);
  } else if (name === 'devid' || name === 'mtu') {
    return readNumber(vif, name, value, context, item);
  } else if (name === 'accel') {
    return ignored('vif: accel is not supported', 'Remove it.');
  } else if (COLO.has(name)) {
    vif.colo = { ...vif.colo, [name]: value };
  } else {
    return ignored(`vif: unknown option ${JSON.stringify(name)}`);
  }
  return true;
}

function readRate(vif: Draft, value: string, context: ReadContext, item: number): boolean {
  const rate = parseRate(value);
  if (typeof rate === 'string') context.refuse('BAD_VALUE', `vif: ${rate}`, { item });
  else vif.rate = value;
  return typeof rate !== 'string';
}

function readNumber(vif: Draft, name: 'devid' | 'mtu', value: string, context: ReadContext, item: number): boolean {
  const { value: number, length } = strtoul(value, 10);
  const bad = length === 0 || number === 2n ** 64n - 1n;
  if (bad) context.refuse('BAD_VALUE', `vif: ${name} is not a number: ${JSON.stringify(value)}`, { item });
  else vif[name] = int(number);
  return !bad;
}

/**
 * Six numbers in base 16, whatever single character stands between them. After a bad one the bytes read so far stay.
 */
function readMac(before: string | undefined, text: string): { mac: string; whole: boolean } {
  const bytes = (before ?? '00:00:00:00:00:00').split(':').map((byte) => parseInt(byte, 16));
  let at = 0;
  let index = 0;
  for (; index < 6 && at <= text.length; index++) {
    const { value, length } = strtoul(text.slice(at).replace(/\0[^]*$/, ''), 16);
    const byte = Number(value & 0xffffffffn);
    if (length === 0 || byte > 255) break;
    bytes[index] = byte;
    at += length + 1;
  }
  return { mac: bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':'), whole: index === 6 };
}

/**
 * The network interface as one xl.cfg string.
 * @throws XlConfigError NOT_WRITABLE for a value with a comma, which the format cannot carry, and for a bad MAC or rate.
 */
export function formatVif(vif: Vif): string {
  check(vif);
  const named = (
    [
      'mac',
      'bridge',
      'gatewaydev',
      'type',
      'model',
      'vifname',
      'script',
      'ip',
      'backend',
      'rate',
      'devid',
      'mtu',
      'vlan',
    ] as const
  ).map((name) => [name, vif[name]] as const);
  const options = formatOptions('vif', [...named, ...Object.entries(vif.colo ?? {})]);
  const trust = vif.trusted === undefined ? '' : vif.trusted ? 'trusted' : 'untrusted';
  return [options, trust].filter((part) => part !== '').join(',');
}

function check(vif: Vif): void {
  if (vif.mac !== undefined && !/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i.test(vif.mac)) {
    throw new XlConfigError('NOT_WRITABLE', `not a MAC address: ${JSON.stringify(vif.mac)}`, {
      hint: 'Six hexadecimal bytes: 00:16:3e:xx:xx:xx.',
    });
  }
  const rate = vif.rate === undefined ? undefined : parseRate(vif.rate);
  if (typeof rate === 'string') throw new XlConfigError('NOT_WRITABLE', `vif: ${rate}`);
  const foreign = Object.keys(vif.colo ?? {}).find((name) => !COLO.has(name));
  if (foreign !== undefined) throw new XlConfigError('NOT_WRITABLE', `not a COLO parameter of a vif: ${foreign}`);
}

/** @internal */
export function vifToLibxl(vif: Vif, index: number): Fields {
  check(vif);
  const rate = vif.rate === undefined ? undefined : parseRate(vif.rate);
  const { forwarddev, ...colo } = vif.colo ?? {};
  return defined({
    backend_domname: vif.backend,
    devid: vif.devid ?? index,
    mtu: vif.mtu,
    vlan: vif.vlan,
    model: vif.model,
    mac: vif.mac
      ?.split(':')
      .map((byte) => byte.toLowerCase().padStart(2, '0'))
      .join(':'),
    ip: vif.ip,
    bridge: vif.bridge,
    ifname: vif.vifname,
    script: vif.script,
    nictype: vif.type === undefined ? undefined : vif.type === 'vif' ? 'vif' : 'vif_ioemu',
    ...(typeof rate === 'object'
      ? { rate_bytes_per_interval: rate.bytesPerInterval, rate_interval_usecs: rate.microseconds }
      : {}),
    gatewaydev: vif.gatewaydev,
    coloft_forwarddev: forwarddev,
    ...colo,
    trusted: vif.trusted,
  });
}
