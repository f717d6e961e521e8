import { z } from 'zod';

const hostName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 63')
  .describe('Host name, RFC 1123');

const mebibytes = z
  .int()
  .min(32)
  .max(1 << 20);

/** An IPv4 address with its prefix length, `10.0.0.1/24`. */
const interfaceAddress = z.cidrv4();

export const guestSchema = z.strictObject({
  /** Host name, xl's domain name, and serial number of its disk in dom0. Domain-0 is taken, and QEMU cuts serials at 20 characters. */
  name: hostName.max(20),
  type: z.enum(['pv', 'pvh']).default('pv'),
  /** MiB. */
  memory: mebibytes.default(128),
  vcpus: z.int().min(1).max(64).default(1),
  /** Address on the bridge. */
  address: interfaceAddress,
  /** Size of the ext4 root, MiB. */
  disk: z
    .int()
    .min(16)
    .max(1 << 20)
    .default(64),
  /** Started by dom0 when it comes up. */
  autostart: z.boolean().default(true),
});

/** A Xen host with its guests: what the project file declares. */
export const hostSchema = z
  .strictObject({
    name: hostName.default('xlfs'),
    /** MiB of dom0. */
    memory: mebibytes.default(256),
    bridge: z
      .strictObject({
        /** At most 15 characters, as Linux has it. */
        name: z
          .string()
          .regex(/^[a-z][a-z0-9]{0,14}$/)
          .default('xenbr0'),
        /** dom0's own address on it. */
        address: interfaceAddress.default('10.0.0.1/24'),
      })
      .prefault({}),
    guests: z.array(guestSchema).default([]),
  })
  .superRefine((host, context) => {
    const complain = (message: string, ...path: (string | number)[]): void => {
      context.addIssue({ code: 'custom', message, path });
    };
    host.guests.forEach((guest, index) => {
      const others = [{ name: host.name, address: host.bridge.address }, ...host.guests.slice(0, index)];
      if (others.some(({ name }) => name === guest.name)) complain(`the name ${guest.name} is taken`, 'guests', index, 'name');
      if (others.some(({ address }) => withoutPrefix(address) === withoutPrefix(guest.address))) {
        complain(`the address ${guest.address} is taken`, 'guests', index, 'address');
      }
      if (network(guest.address) !== network(host.bridge.address)) {
        complain(
          `${guest.address} is not in the network of ${host.bridge.name}, ${host.bridge.address}`,
          'guests',
          index,
          'address',
        );
      }
    });
  });

export type GuestDescription = z.output<typeof guestSchema>;
export type HostDescription = z.output<typeof hostSchema>;
/** As an author writes it: defaults may be left out. */
export type HostInput = z.input<typeof hostSchema>;

/** What `xlfs up` brings up where there is no project file: one guest of each type that needs no device model. */
export const defaultHost: HostDescription = hostSchema.parse({
  guests: [
    { name: 'pv1', type: 'pv', address: '10.0.0.11/24' },
    { name: 'pvh1', type: 'pvh', address: '10.0.0.12/24' },
  ],
});

/** The address without its prefix length. */
export function withoutPrefix(address: string): string {
  return address.split('/')[0] ?? address;
}

/** Prefix length of an address. */
export function prefixLength(address: string): number {
  return Number(address.split('/')[1]);
}

/** The network that an address is in, `10.0.0.0/24`. */
function network(address: string): string {
  return format((bits(withoutPrefix(address)) & mask(prefixLength(address))) >>> 0, prefixLength(address));
}

/** Broadcast address of an interface's network. */
export function broadcast(address: string): string {
  const all = (bits(withoutPrefix(address)) | ~mask(prefixLength(address))) >>> 0;
  return withoutPrefix(format(all, 32));
}

function mask(length: number): number {
  return length === 0 ? 0 : (~0 << (32 - length)) >>> 0;
}

function bits(address: string): number {
  return address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);
}

function format(value: number, length: number): string {
  return `${[24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')}/${String(length)}`;
}
