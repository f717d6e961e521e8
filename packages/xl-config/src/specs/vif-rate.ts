import { strtoul } from '../schema/c.ts';

/** A rate as libxl holds it: so many bytes in each interval. */
export interface Rate {
  readonly bytesPerInterval: bigint;
  readonly microseconds: number;
}

const UINT32_MAX = 0xffffffffn;
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['G', 1_000_000_000n],
  ['M', 1_000_000n],
  ['K', 1000n],
]);

/**
 * Reads a vif's `rate`: `10Mb/s`, `1GB/s@20ms`. Multipliers are decimal, `b` is bits, the window is 50 ms unless given,
 * a bare window is seconds. A text says why libxlu refuses it. Source: libxlu_vif.c.
 */
export function parseRate(text: string): Rate | string {
  const at = text.indexOf('@');
  const amount = at === -1 ? text : text.slice(0, at);
  if (!/^[0-9]+[GMK]?[Bb]\/s$/.test(amount)) return `not a rate: ${JSON.stringify(amount)} (like 10Mb/s or 1MB/s@20ms)`;
  const speed = strtoul(amount, 0);
  if (speed.value === 0n || speed.value > UINT32_MAX) return `a rate out of range: ${JSON.stringify(amount)}`;
  const unit = amount.charAt(speed.length);
  const multiplied = speed.value * (UNITS.get(unit) ?? 1n);
  const bits = unit === 'b' || amount.charAt(speed.length + 1) === 'b';
  const bytesPerSecond = bits ? multiplied / 8n : multiplied;
  const microseconds = at === -1 ? 50_000n : interval(text.slice(at + 1));
  if (typeof microseconds === 'string') return microseconds;
  if (bytesPerSecond > (2n ** 64n - 1n) / microseconds) return `a rate out of range: ${JSON.stringify(text)}`;
  return { bytesPerInterval: (bytesPerSecond * microseconds) / 1_000_000n, microseconds: Number(microseconds) };
}

function interval(text: string): bigint | string {
  if (!/^[0-9]+[mu]?s?$/.test(text)) return `not an interval: ${JSON.stringify(text)} (like 20ms)`;
  const time = strtoul(text, 0);
  if (time.value === 0n || time.value > UINT32_MAX) return `an interval out of range: ${JSON.stringify(text)}`;
  const unit = text.charAt(time.length);
  const microseconds = time.value * (unit === 's' || unit === '' ? 1_000_000n : unit === 'm' ? 1000n : 1n);
  return microseconds > UINT32_MAX ? `an interval out of range: ${JSON.stringify(text)}` : microseconds;
}
