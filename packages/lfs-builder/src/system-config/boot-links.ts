/** Names of scripts in `/etc/rc.d/init.d` by the number that puts them in order; `S` starts a script, `K` stops it. */
type Scripts = readonly (readonly [number: string, script: string])[];

/** Before any run level: from a read-only root and nothing else to a system that could be used. */
const start: Scripts = [
  ['S00', 'mountvirtfs'],
  ['S05', 'modules'],
  ['S08', 'localnet'],
  ['S10', 'udev'],
  ['S20', 'swap'],
  ['S30', 'checkfs'],
  ['S40', 'mountfs'],
  ['S45', 'cleanfs'],
  ['S50', 'udev_retry'],
  ['S70', 'console'],
  ['S90', 'sysctl'],
];

/** More than one person, with and without a network. */
const several: Scripts = [['S10', 'syslog']];
const connected: Scripts = [...several, ['S20', 'network']];

const single: Scripts = [
  ['K80', 'network'],
  ['K90', 'syslog'],
];

/** The way back to nothing. */
const stop: Scripts = [
  ...single,
  ['K91', 'setclock'],
  ['K92', 'sendsignals'],
  ['K94', 'swap'],
  ['K96', 'mountfs'],
  ['K98', 'localnet'],
];

const levels: Readonly<Record<string, Scripts>> = {
  S: start,
  0: [...stop, ['S99', 'halt']],
  1: single,
  2: several,
  3: connected,
  4: connected,
  5: connected,
  6: [...stop, ['S99', 'reboot']],
};

/** Symlinks of the run levels' folders, path to target. */
export function bootLinks(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(levels).flatMap(([level, scripts]) =>
      scripts.map(([number, script]) => [`etc/rc.d/rc${level}.d/${number}${script}`, `../init.d/${script}`]),
    ),
  );
}
