import type { HostProbe } from './host-rules.ts';
import type { LintOptions } from './lint.ts';
import type { RuleCode } from './rules.ts';

/** A good file of a pv guest. */
export const PV = 'name = "g"\ntype = "pv"\nkernel = "/boot/k"\n';
export const HVM = 'name = "g"\ntype = "hvm"\n';

export interface Case {
  readonly text: string;
  /** After `fix`, with unsafe ones; missing when there is no fix. */
  readonly fixed?: string;
  readonly options?: LintOptions;
}

const bareHost: HostProbe = { hasFile: () => false, hasBridge: () => false };

/** For each rule a text that breaks it. */
export const CASES: Record<RuleCode, Case> = {
  syntax: { text: `${PV}localtime = True\n`, fixed: `${PV}localtime = 1\n` },
  'carriage-return': {
    text: 'name = "g"\r\ntype = "pv"\r\nkernel = "/k"\r\n',
    fixed: 'name = "g"\ntype = "pv"\nkernel = "/k"\n',
  },
  'comment-at-end': { text: `${PV}# the end`, fixed: `${PV}# the end\n` },
  'bad-escape': { text: `${PV}extra = "\\x41"\n`, fixed: `${PV}extra = "A"\n` },
  'lost-escape': { text: `${PV}extra = "a\\012b"\n` },
  'overlooked-character': { text: `${PV}!`, fixed: PV },
  'unknown-key': { text: `${PV}maxcpus = 4\n`, fixed: `${PV}maxvcpus = 4\n` },
  'newer-key': { text: `${PV}xenstore_quota = ["nodes=1"]\n` },
  'other-guest': { text: `${PV}usb = 1\n` },
  'no-screen': { text: `${PV}vnclisten = "0.0.0.0"\n` },
  'wrong-type': { text: `${PV}memory = "lots"\n` },
  'added-number': { text: `${PV}memory = 1\nmemory += 2\n` },
  'out-of-range': { text: `${PV}memory = 0\n` },
  'bad-value': { text: `${PV}disk = ["/dev/x,QCOW2,xvda,w"]\n` },
  'ignored-item': { text: `${PV}disk = ["phy:/dev/x,xvda,w", ["phy:/dev/y,xvdb,w"]]\n` },
  'ignored-option': { text: `${PV}vif = ["birdge=xenbr0"]\n` },
  deprecated: { text: 'name = "g"\nbuilder = "hvm"\ntsc_mode = 2\n', fixed: 'name = "g"\ntype = "hvm"\ntsc_mode = "native"\n' },
  missing: { text: 'name = "g"\ntype = "pvh"\n' },
  conflict: { text: `${PV}vcpus = 4\nmaxvcpus = 2\n` },
  shadowed: { text: `${PV}cmdline = "a"\nextra = "b"\n`, fixed: `${PV}cmdline = "a"\n` },
  duplicate: { text: `${PV}memory = 1 # first\nmemory = 2\n`, fixed: `${PV} # first\nmemory = 2\n` },
  'mac-clash': { text: `${PV}vif = ["mac=00:16:3e:00:00:01", "mac=00:16:3E:0:0:1"]\n` },
  'mac-multicast': { text: `${PV}vif = ["mac=01:16:3e:00:00:01"]\n` },
  'mac-vendor': { text: `${PV}vif = ["mac=00:1b:21:00:00:01"]\n` },
  'disk-clash': { text: `${PV}disk = ["phy:/dev/x,xvda,r", "phy:/dev/y,xvda,r"]\n` },
  'shared-target': { text: `${PV}disk = ["phy:/dev/x,xvda,w", "phy:/dev/x,xvdb,r"]\n` },
  'format-mismatch': { text: `${PV}disk = ["/srv/a.qcow2,raw,xvda,w"]\n` },
  'memory-over-maxmem': { text: `${PV}memory = 512\nmaxmem = 256\n` },
  'pvh-device-model': { text: 'name = "g"\ntype = "pvh"\nkernel = "/k"\nvnc = 1\n' },
  'implicit-type': { text: 'name = "g"\nkernel = "/k"\n' },
  'missing-file': { text: PV, options: { host: bareHost } },
  'missing-bridge': { text: `${PV}vif = [""]\n`, options: { host: bareHost } },
};
