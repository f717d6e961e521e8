import type { Setting, SettingValue } from '../../grammar/settings.ts';
import { readSettings } from '../../meaning/read.ts';
import { specOf, type DomainConfig } from '../../schema/schema.ts';
import { nearest } from '../../schema/suggest.ts';
import { KEY_NAMES } from '../../schema/schema.ts';
import type { Conversion, Loss } from '../report.ts';
import { readPython, type PythonValue } from './python.ts';

/** What xm called otherwise. */
const RENAMED: Readonly<Record<string, string>> = {
  cpu_cap: 'cap',
  bootargs: 'bootloader_args',
  cpu: 'cpus',
  maxvcpu: 'maxvcpus',
};

/** What xm had and xl has not. */
const GONE: Readonly<Record<string, string>> = {
  vcpu_avail: 'use vcpus and maxvcpus',
  on_xend_start: 'the toolstack has no daemon',
  on_xend_stop: 'the toolstack has no daemon',
  vncconsole: 'use xl create -V',
  vncviewer: 'use xl create -V',
  restart: 'use on_poweroff, on_reboot, on_crash',
  features: 'the kernel says itself what it can',
  blkif: 'set driver_domain and name the domain in disk',
  netif: 'set driver_domain and name the domain in vif',
  usbport: 'use usbdev',
  device_model: 'xl finds the device model itself',
};

/** Parts of the command line that xm put together. */
const NETWORK = ['ip', 'netmask', 'gateway', 'hostname', 'dhcp', 'nfs_server', 'nfs_root', 'interface'];

/**
 * A configuration from a file written for xm, which was Python. Literals are carried over, in the forms that xl wants;
 * what would have to be run, and what xl no longer has, is reported.
 */
export function fromXm(text: string): Conversion<DomainConfig> {
  const { values, losses } = readPython(text);
  const settings = new Map<string, Setting>();
  const lost: Loss[] = [...losses];
  const set = (name: string, value: SettingValue): void => void settings.set(name, { name, value, added: false, line: 0 });
  for (const [xm, value] of values) {
    const name = RENAMED[xm] ?? xm;
    if (xm === 'builder' || NETWORK.includes(xm) || value === null) continue;
    if (GONE[xm] !== undefined) lost.push({ what: xm, why: GONE[xm] });
    else if (specOf(name) === undefined) lost.push({ what: xm, why: whyUnknown(name) });
    else set(name, settingOf(name === 'vfb' ? framebuffers(value) : value));
  }
  setType(values, set);
  setCommandLine(values, settings, set);
  const { config, findings } = readSettings(settings, 'master');
  lost.push(
    ...findings
      .filter(({ severity, code }) => severity === 'error' || code === 'NOT_A_NUMBER' || code === 'WRONG_SHAPE')
      .map(({ subject, message }) => ({ what: subject.key, why: message })),
  );
  return { result: config, losses: lost };
}

function whyUnknown(name: string): string {
  const meant = nearest(name, KEY_NAMES);
  return meant === undefined ? 'a name of the file itself, or unknown to xl' : `unknown to xl; perhaps ${meant}`;
}

/** `builder` said the type; a kernel named hvmloader was the firmware of hvm guests. */
function setType(values: ReadonlyMap<string, PythonValue>, set: (name: string, value: SettingValue) => void): void {
  if (values.has('type')) return;
  const builder = values.get('builder');
  set('type', builder === 'hvm' ? 'hvm' : 'pv');
}

function setCommandLine(
  values: ReadonlyMap<string, PythonValue>,
  settings: Map<string, Setting>,
  set: (name: string, value: SettingValue) => void,
): void {
  const kernel = settings.get('kernel')?.value;
  if (typeof kernel === 'string' && kernel.endsWith('hvmloader')) settings.delete('kernel');
  const at = (name: string): string => textOf(values.get(name));
  const words: string[] = [];
  if (at('nfs_root') !== '')
    words.push('root=/dev/nfs', `nfsroot=${at('nfs_server') === '' ? '' : `${at('nfs_server')}:`}${at('nfs_root')}`);
  if (at('dhcp') !== '' && at('dhcp') !== 'off') words.push('ip=dhcp');
  else if (at('ip') !== '')
    words.push(
      `ip=${[at('ip'), at('nfs_server'), at('gateway'), at('netmask'), at('hostname'), at('interface') || 'eth0', 'off'].join(':')}`,
    );
  if (words.length === 0) return;
  const extra = settings.get('extra')?.value;
  if (at('nfs_root') !== '') settings.delete('root');
  set('extra', [...words, ...(typeof extra === 'string' && extra !== '' ? [extra] : [])].join(' '));
}

/** `type=vnc` became `vnc=1`. */
function framebuffers(value: PythonValue): PythonValue {
  if (!Array.isArray(value)) return value;
  return (value as readonly PythonValue[]).map((item) =>
    typeof item === 'string' ? item.replace(/\btype=(vnc|sdl)\b/, '$1=1') : item,
  );
}

function settingOf(value: PythonValue): SettingValue {
  return Array.isArray(value) ? (value as readonly PythonValue[]).map(settingOf) : textOf(value);
}

function textOf(value: PythonValue | undefined): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return value === null || value === undefined ? '' : String(value);
}
