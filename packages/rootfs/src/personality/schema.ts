import { isIPv4 } from 'node:net';
import { z } from 'zod';

/** Characters that would end a line, or a file. */
const oneLine = z.string().regex(/^[^\0-\x1f\x7f]*$/, 'must be one line without control characters');
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const absolutePath = oneLine
  .startsWith('/')
  .max(4095)
  .refine((path) => !path.split('/').includes('..'), 'must not have .. in it');

export const hostnameSchema = z.string().max(64).regex(label, 'a host name has letters, digits and inner hyphens (RFC 1123)');
export const domainSchema = z
  .string()
  .max(253)
  .refine((name) => name.split('.').every((part) => label.test(part)), 'not a domain name');
const ipv4 = z.string().refine((text) => isIPv4(text), 'not an IPv4 address');
/** `10.0.0.2/24` */
export const addressSchema = z.string().refine((text) => {
  const [address = '', length = '', ...more] = text.split('/');
  return isIPv4(address) && /^(?:[1-9]|[12][0-9]|3[0-2])$/.test(length) && more.length === 0;
}, 'not an IPv4 address with its prefix length, as in 10.0.0.2/24');

const interfaceSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9._-]{0,14}$/i, 'not the name of a network interface'),
  address: z.union([z.literal('dhcp'), addressSchema]),
  gateway: ipv4.optional(),
  /** Program for DHCP, as LFS and BLFS start it. */
  client: z.enum(['dhcpcd', 'dhclient', 'udhcpc']).default('dhcpcd'),
});

const mountSchema = z.strictObject({
  device: z.string().regex(/^[!-~]+$/, 'a device has no spaces'),
  path: z.union([absolutePath.regex(/^[!-~]+$/, 'a mount point has no spaces here'), z.literal('none'), z.literal('swap')]),
  type: z.string().regex(/^[a-z0-9._,-]+$/),
  options: z
    .string()
    .regex(/^[!-~]+$/)
    .default('defaults'),
  dump: z.int().min(0).max(1).default(0),
  pass: z.int().min(0).max(2).default(0),
});

const userName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'not a user name');
const field = oneLine.regex(/^[^:]*$/, 'must not have a colon in it');

const userSchema = z.strictObject({
  name: userName,
  uid: z.int().min(0).max(0xfffffffe).optional(),
  gid: z.int().min(0).max(0xfffffffe).optional(),
  comment: field.default(''),
  home: absolutePath.regex(/^[^:]*$/).optional(),
  shell: absolutePath.regex(/^[^:]*$/).optional(),
  /** crypt(5) hash; `!` or `*` for none. Never a password. */
  passwordHash: z
    .string()
    .regex(/^(?:[!*]|!?\$[a-z0-9]+\$[./A-Za-z0-9$,=_-]+)$/, 'not a crypt(5) hash, as from openssl passwd -6')
    .optional(),
  sshKeys: z
    .array(z.string().regex(/^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( [^\0-\x1f\x7f]*)?$/, 'not an OpenSSH public key line'))
    .default([]),
  /** Groups beside the main one; each must exist or be a user's own. */
  groups: z.array(userName).default([]),
});

const fileSchema = z.strictObject({
  path: absolutePath,
  content: z.string(),
  mode: z.int().min(0).max(0o7777).default(0o644),
  uid: z.int().min(0).default(0),
  gid: z.int().min(0).default(0),
});

/** What makes a copy of a root filesystem one particular guest. */
export const personalitySchema = z.strictObject({
  hostname: hostnameSchema,
  domain: domainSchema.optional(),
  /** 32 hex digits (machine-id(5)). Left out: empty, to be made at the first boot. */
  machineId: z
    .string()
    .regex(/^[0-9a-f]{32}$/, '32 lower-case hex digits')
    .optional(),
  interfaces: z.array(interfaceSchema).max(64).default([]),
  /** More lines for /etc/hosts: address and names. */
  hosts: z
    .array(z.strictObject({ address: z.string().regex(/^[0-9a-fA-F:.]+$/), names: z.array(domainSchema).min(1) }))
    .default([]),
  resolver: z
    .strictObject({ nameservers: z.array(ipv4).max(3).default([]), search: z.array(domainSchema).max(6).default([]) })
    .optional(),
  /** The root's device in the guest; false leaves /etc/fstab alone. */
  root: z
    .union([
      z.literal(false),
      z.strictObject({
        device: z.string().regex(/^[!-~]+$/),
        type: z.string().default('ext4'),
        options: z
          .string()
          .regex(/^[!-~]+$/)
          .default('defaults'),
      }),
    ])
    .default({ device: '/dev/xvda1', type: 'ext4', options: 'defaults' }),
  mounts: z.array(mountSchema).default([]),
  /** The terminal of the console; false leaves /etc/inittab alone. */
  console: z.union([z.literal(false), z.string().regex(/^[a-z][a-z0-9]{0,14}$/i)]).default('hvc0'),
  users: z.array(userSchema).default([]),
  /** Private keys in OpenSSH's format, with their public line. */
  sshHostKeys: z
    .array(
      z.strictObject({
        type: z.enum(['ed25519', 'ecdsa', 'rsa']),
        private: z.string().regex(/^-----BEGIN [A-Z ]+-----\n[\s\S]+-----END [A-Z ]+-----\n$/),
        public: oneLine,
      }),
    )
    .default([]),
  /** `Europe/Vienna`: a name below /usr/share/zoneinfo. */
  timezone: z
    .string()
    .regex(/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/, 'not the name of a time zone')
    .optional(),
  files: z.array(fileSchema).default([]),
  /** Files with `{{name}}` in them, filled in from `variables`, `hostname`, `domain`, `fqdn` and `address`. */
  templates: z.array(fileSchema).default([]),
  variables: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string()).default({}),
});

/** As it is written. */
export type PersonalityInput = z.input<typeof personalitySchema>;
/** As it is used: checked, defaults filled in. */
export type Personality = z.output<typeof personalitySchema>;
export type NetworkInterface = Personality['interfaces'][number];
export type User = Personality['users'][number];
