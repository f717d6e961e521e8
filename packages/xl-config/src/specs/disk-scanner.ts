import { atoi } from '../schema/c.ts';
import { atLeast, type XenVersion } from '../versions.ts';

/** What libxlu's disk scanner collects; `undefined` is not set. */
export interface ScannedDisk {
  target?: string;
  vdev?: string;
  format?: string;
  script?: string;
  backend?: string;
  backendtype?: string;
  specification?: string;
  readwrite: boolean;
  cdrom: boolean;
  directIoSafe: boolean;
  discard?: boolean;
  trusted?: boolean;
  grantUsage?: boolean;
  colo?: boolean;
  coloHost?: string;
  coloPort?: number;
  coloExport?: string;
  activeDisk?: string;
  hiddenDisk?: string;
}

type Member = 'target' | 'vdev' | 'script' | 'backend' | 'coloHost' | 'coloExport' | 'activeDisk' | 'hiddenDisk';

interface Scan {
  readonly disk: ScannedDisk;
  oldPrefix: boolean;
  accessSet: boolean;
  error: string | undefined;
  stop: boolean;
  /** Where the current line ends; kept, so that long lines are scanned once. */
  lineEnd: number;
  /** Where the next comma or `=` is, for the same reason. */
  delimiter: number;
}

/** One flex rule. */
interface Rule {
  /** What is consumed. */
  readonly match: RegExp;
  /** The rest of the line counts for the choice (flex's trailing context), but is not consumed. */
  readonly line?: boolean;
  readonly since?: XenVersion;
  readonly act: (scan: Scan, text: string) => void;
}

const FORMATS = ['raw', 'qcow', 'qcow2', 'vhd', 'empty', 'qed'];
const BACKENDS = ['phy', 'tap', 'qdisk', 'standalone'];

/** In the order of tools/libs/util/libxlu_disk_l.l: the longest match wins, then the first rule. */
const RULES: readonly Rule[] = [
  { match: /[ \t\n]+/y, line: true, act: () => undefined },
  valued('format', (scan, value) => setWord(scan, 'format', value === '' ? 'raw' : value, FORMATS)),
  { match: /cdrom,?/y, act: ({ disk }) => void (disk.cdrom = true) },
  { match: /devtype=cdrom,?/y, act: ({ disk }) => void (disk.cdrom = true) },
  { match: /devtype=disk,?/y, act: ({ disk }) => void (disk.cdrom = false) },
  { match: /devtype=[^,]*,?/y, act: (scan, text) => fail(scan, `unknown device type: ${text}`) },
  valued('access', setAccess),
  valued('backend', (scan, value) => save(scan, 'backend', value)),
  valued('backendtype', (scan, value) => setWord(scan, 'backendtype', value, BACKENDS)),
  valued('specification', (scan, value) => setWord(scan, 'specification', value, ['xen', 'virtio'])),
  valued('vdev', (scan, value) => save(scan, 'vdev', value)),
  valued('script', (scan, value) => save(scan, 'script', value)),
  { match: /direct-io-safe,?/y, act: ({ disk }) => void (disk.directIoSafe = true) },
  { match: /discard,?/y, act: ({ disk }) => void (disk.discard = true) },
  { match: /no-discard,?/y, act: ({ disk }) => void (disk.discard = false) },
  { match: /colo,?/y, act: ({ disk }) => void (disk.colo = true) },
  { match: /no-colo,?/y, act: ({ disk }) => void (disk.colo = false) },
  valued('colo-host', (scan, value) => save(scan, 'coloHost', value)),
  valued('colo-port', (scan, value) => {
    scan.disk.coloPort = atoi(value);
    if (scan.disk.coloPort === 0) fail(scan, `colo-port is not a port: ${value}`);
  }),
  valued('colo-export', (scan, value) => save(scan, 'coloExport', value)),
  valued('active-disk', (scan, value) => save(scan, 'activeDisk', value)),
  valued('hidden-disk', (scan, value) => save(scan, 'hiddenDisk', value)),
  // libxlu's scanner as it was shipped before 4.19 lacks these rules, though its source has them.
  { match: /trusted,?/y, since: '4.19', act: ({ disk }) => void (disk.trusted = true) },
  { match: /untrusted,?/y, since: '4.19', act: ({ disk }) => void (disk.trusted = false) },
  { match: /grant_usage=1,?/y, since: '4.19', act: ({ disk }) => void (disk.grantUsage = true) },
  { match: /grant_usage=0,?/y, since: '4.19', act: ({ disk }) => void (disk.grantUsage = false) },
  { match: /target=.*/y, act: (scan, text) => save(scan, 'target', value(text)) },
  { match: /[a-z][-a-z0-9]*=[^,],?/y, act: (scan, text) => fail(scan, `unknown parameter near ${text}`) },
  {
    match: /(?:raw|qcow2?|vhd):/y,
    line: true,
    act: (scan, text) => {
      scan.oldPrefix = true;
      setWord(scan, 'format', text.slice(0, -1), FORMATS);
    },
  },
  {
    match: /(?:iscsi|e?nbd|drbd):/y,
    line: true,
    act: (scan, text) => {
      scan.oldPrefix = true;
      save(scan, 'script', `block-${text.slice(0, -1)}`);
    },
  },
  { match: /(?:tapdisk|tap2?|aio|ioemu|file|phy):/y, line: true, act: (scan) => void (scan.oldPrefix = true) },
  {
    match: /[a-z][a-z0-9]*:(?:[^a-z0-9].*)?/y,
    act: (scan, text) => {
      fail(scan, `unknown prefix near ${text}`);
      scan.stop = true;
    },
  },
];

const STARTS = [...'abcdefghijklmnopqrstuvwxyz \t\n'];

/** The rules whose matches can start with a character. */
const RULES_BY_START: ReadonlyMap<string, readonly Rule[]> = new Map(
  STARTS.map((start) => [start, RULES.filter(({ match }) => canStart(match, start))]),
);

function canStart({ source }: RegExp, start: string): boolean {
  if (source.startsWith('[a-z]')) return /[a-z]/.test(start);
  if (source.startsWith('[')) return /\s/.test(start);
  return source.startsWith('(?:')
    ? source
        .slice(3, source.indexOf(')'))
        .split('|')
        .some((word) => word.startsWith(start) || (word.startsWith('e?') && /[en]/.test(start)))
    : source.startsWith(start);
}

/** `[^=,]*,|[^=,]+,?`, the last rule. */
const POSITIONAL: Pick<Rule, 'act'> = { act: positional };

/** Reads a disk string as libxlu does; a text says why libxlu refuses it. */
export function scanDisk(text: string, xen: XenVersion): ScannedDisk | string {
  const scan: Scan = {
    disk: { readwrite: true, cdrom: false, directIoSafe: false },
    oldPrefix: false,
    accessSet: false,
    error: undefined,
    stop: false,
    lineEnd: -1,
    delimiter: -1,
  };
  for (let at = 0; at < text.length && !scan.stop;) {
    if (at > scan.lineEnd) scan.lineEnd = lineEndOf(text, at);
    at = step(scan, text, at, xen);
  }
  return scan.error ?? finish(scan.disk);
}

function step(scan: Scan, text: string, at: number, xen: XenVersion): number {
  let longest = 0;
  let taken = 0;
  let chosen: Pick<Rule, 'act'> | undefined;
  for (const rule of RULES_BY_START.get(text.charAt(at)) ?? []) {
    if (rule.since !== undefined && !atLeast(xen, rule.since)) continue;
    rule.match.lastIndex = at;
    const length = rule.match.exec(text)?.[0].length ?? 0;
    if (length === 0) continue;
    const counted = rule.line === true ? Math.max(length, lineEndAfter(scan, text, at + length) - at) : length;
    if (counted > longest) {
      longest = counted;
      taken = length;
      chosen = rule;
    }
  }
  const plain = plainLength(scan, text, at);
  if (plain > longest) [chosen, taken] = [POSITIONAL, plain];
  if (chosen === undefined) {
    // A lone refused character at the very end is overlooked, as in libxlu's other lexer.
    if (at < text.length - 1) fail(scan, `cannot be read from ${JSON.stringify(text.slice(at))} on`);
    return text.length;
  }
  chosen.act(scan, text.slice(at, at + taken));
  return at + taken;
}

/** How far text without `=` reaches, its comma included. */
function plainLength(scan: Scan, text: string, at: number): number {
  if (at > scan.delimiter) {
    const found = text.slice(at).search(/[=,]/);
    scan.delimiter = found === -1 ? text.length : at + found;
  }
  return scan.delimiter - at + (text[scan.delimiter] === ',' ? 1 : 0);
}

function lineEndAfter(scan: Scan, text: string, at: number): number {
  return at > scan.lineEnd ? lineEndOf(text, at) : scan.lineEnd;
}

function lineEndOf(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function finish(disk: ScannedDisk): ScannedDisk | string {
  disk.format ??= 'raw';
  if (disk.cdrom) {
    disk.readwrite = false;
    if (disk.target === undefined || disk.target === '') disk.format = 'empty';
  }
  if (disk.vdev === undefined) return 'no vdev: the name of the disk in the guest is missing';
  if (disk.target === undefined && !disk.cdrom) return 'no target: the path of the disk is missing';
  return disk;
}

/** What stands without a name: target, format, vdev (perhaps with a type after a colon), access. */
function positional(scan: Scan, matched: string): void {
  const text = stripped(matched);
  const { disk } = scan;
  if (scan.error !== undefined) return;
  if (disk.target === undefined) return save(scan, 'target', text);
  if (!scan.oldPrefix && disk.format === undefined) {
    if (disk.target === '' && vdevAndType(scan, text)) disk.format = 'empty';
    else setWord(scan, 'format', text === '' ? 'raw' : text, FORMATS);
    return;
  }
  if (disk.vdev === undefined) {
    if (!vdevAndType(scan, text)) save(scan, 'vdev', text);
    return;
  }
  if (!scan.accessSet) {
    scan.accessSet = true;
    return setAccess(scan, text);
  }
  fail(scan, `too many parameters without a name: ${text}`);
  scan.stop = true;
}

/** `hdc:cdrom`, as older files have it. */
function vdevAndType(scan: Scan, text: string): boolean {
  const colon = text.lastIndexOf(':');
  if (colon === -1) return false;
  save(scan, 'vdev', text.slice(0, colon));
  const type = text.slice(colon + 1);
  if (type === 'cdrom' || type === 'disk') scan.disk.cdrom = type === 'cdrom';
  else fail(scan, `unknown device type: ${type}`);
  return true;
}

function valued(name: string, set: (scan: Scan, value: string) => void): Rule {
  return { match: new RegExp(`${name}=[^,]*,?`, 'y'), act: (scan, text) => set(scan, value(text)) };
}

function value(text: string): string {
  return stripped(text).slice(text.indexOf('=') + 1);
}

function stripped(text: string): string {
  return text.endsWith(',') ? text.slice(0, -1) : text;
}

function fail(scan: Scan, message: string): void {
  scan.error ??= message;
}

/** An empty value may be set again, any other may not. */
function save(scan: Scan, member: Member, text: string): void {
  const before = scan.disk[member];
  if (before !== undefined && before !== '') fail(scan, `${member} is given twice`);
  else scan.disk[member] = text;
}

function setWord(scan: Scan, member: 'format' | 'backendtype' | 'specification', word: string, known: readonly string[]): void {
  const before = scan.disk[member];
  if (!known.includes(word)) fail(scan, `unknown ${member} ${JSON.stringify(word)}: known are ${known.join(', ')}`);
  else if (before !== undefined && before !== word) fail(scan, `${member} is given twice: ${before} and ${word}`);
  else scan.disk[member] = word;
}

function setAccess(scan: Scan, word: string): void {
  if (word === 'r' || word === 'ro') scan.disk.readwrite = false;
  else if (word === 'rw' || word === 'w' || word === '') scan.disk.readwrite = true;
  else fail(scan, `unknown access ${JSON.stringify(word)}: known are ro, r, rw, w`);
}
