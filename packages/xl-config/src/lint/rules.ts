import type { ReadCode, Severity } from '../problem.ts';

export interface Rule {
  /** Of most findings; a single one can be milder or graver. */
  readonly severity: Severity;
  readonly summary: string;
  /** Why it matters, in a sentence or two. */
  readonly explanation: string;
}

/** Everything that the linter can find. Codes are stable. */
export const RULES = {
  syntax: {
    severity: 'error',
    summary: 'xl cannot read the file',
    explanation: 'The text is outside the grammar of libxlu, so that xl refuses the whole file.',
  },
  'carriage-return': {
    severity: 'error',
    summary: 'line ends of DOS',
    explanation: 'libxlu knows no carriage returns: one of them makes xl refuse the file.',
  },
  'comment-at-end': {
    severity: 'error',
    summary: 'last comment without a newline',
    explanation: 'A comment is only one with its newline; without it xl refuses the whole file.',
  },
  'bad-escape': {
    severity: 'error',
    summary: 'escape that xl cannot read',
    explanation: 'Hexadecimal escapes never work in xl.cfg; characters can be written as they are.',
  },
  'lost-escape': {
    severity: 'warning',
    summary: 'escape that xl drops',
    explanation: 'libxlu reads an octal escape as decimal digits and then drops it from the string.',
  },
  'overlooked-character': {
    severity: 'warning',
    summary: 'last character is overlooked',
    explanation: 'A lone character at the very end is not read at all, though it would be an error anywhere else.',
  },
  'unknown-key': {
    severity: 'warning',
    summary: 'key that xl does not know',
    explanation: 'xl passes over unknown keys without a word, so a misspelt key has no effect.',
  },
  'newer-key': {
    severity: 'warning',
    summary: 'key of a newer Xen',
    explanation: 'This release of xl does not read the key and says nothing.',
  },
  'other-guest': {
    severity: 'warning',
    summary: 'key of another type of guest',
    explanation: 'xl does not read the key for this type of guest.',
  },
  'no-screen': {
    severity: 'warning',
    summary: 'key of a screen that the guest does not have',
    explanation:
      'A pv guest gets a screen by vfb, or else by vnc = 1; without the latter xl does not read the keys of the screen.',
  },
  'wrong-type': {
    severity: 'warning',
    summary: 'value of the wrong type',
    explanation: 'xl warns and ignores the key, or refuses the file.',
  },
  'added-number': {
    severity: 'warning',
    summary: 'number made with +=',
    explanation: 'xl does not add numbers: it warns and ignores the key.',
  },
  'out-of-range': {
    severity: 'warning',
    summary: 'number out of range',
    explanation: 'xl takes most numbers as they are; the domain then fails to start, or gets something else.',
  },
  'bad-value': {
    severity: 'error',
    summary: 'value that xl refuses',
    explanation: 'xl ends at this value instead of creating the domain.',
  },
  'ignored-item': {
    severity: 'warning',
    summary: 'list item that is passed over',
    explanation: 'Most lists hold strings; at a list inside the list xl stops reading.',
  },
  'ignored-option': {
    severity: 'warning',
    summary: 'option that is passed over',
    explanation: 'xl does not know the option, or cannot read it, and goes on without it.',
  },
  deprecated: { severity: 'warning', summary: 'old form', explanation: 'There is a form that xl prefers today.' },
  missing: { severity: 'error', summary: 'something is missing', explanation: 'xl needs it to go on.' },
  conflict: { severity: 'error', summary: 'keys contradict each other', explanation: 'xl refuses such a pair.' },
  shadowed: { severity: 'warning', summary: 'key without effect beside another', explanation: 'The other key wins.' },
  duplicate: {
    severity: 'warning',
    summary: 'key assigned twice',
    explanation: 'Only the last assignment counts; the ones before have no effect.',
  },
  'mac-clash': {
    severity: 'error',
    summary: 'two interfaces with one MAC address',
    explanation: 'Frames reach one of them at best.',
  },
  'mac-multicast': {
    severity: 'error',
    summary: 'MAC address of a group',
    explanation: 'An odd first byte marks a multicast address, which no interface may have.',
  },
  'mac-vendor': {
    severity: 'note',
    summary: 'MAC address of some vendor',
    explanation:
      "Take Xen's range 00:16:3e, or a locally administered address (second digit 2, 6, a or e), so that no real card has the same.",
  },
  'disk-clash': { severity: 'error', summary: 'two disks with one name', explanation: 'The guest can have one disk of a name.' },
  'shared-target': {
    severity: 'warning',
    summary: 'two disks on one target',
    explanation: 'Writing through two disks to one target destroys file systems.',
  },
  'format-mismatch': {
    severity: 'warning',
    summary: 'format and file name disagree',
    explanation: 'An image read as raw shows the guest its inner structure, and lets it rewrite that.',
  },
  'memory-over-maxmem': {
    severity: 'error',
    summary: 'memory is more than maxmem',
    explanation: 'The domain cannot start with more memory than it may have.',
  },
  'pvh-device-model': {
    severity: 'warning',
    summary: 'pvh guest with a device model',
    explanation: 'pvh guests have no emulated devices, so that the device model is not started for them.',
  },
  'implicit-type': {
    severity: 'note',
    summary: 'type is not given',
    explanation: 'The default is pv on x86 and pvh on Arm; say which one is meant.',
  },
  'missing-file': {
    severity: 'error',
    summary: 'file is not there',
    explanation: 'The host lacks the file, so that the domain cannot start.',
  },
  'missing-bridge': {
    severity: 'error',
    summary: 'bridge is not there',
    explanation: 'The host lacks the bridge, so that the hotplug script fails.',
  },
} as const satisfies Record<string, Rule>;

export type RuleCode = keyof typeof RULES;

/** The rule that a reader's finding belongs to. */
export const RULE_OF: Readonly<Record<ReadCode, RuleCode>> = {
  WRONG_SHAPE: 'wrong-type',
  NOT_A_NUMBER: 'wrong-type',
  ADDED_NUMBER: 'added-number',
  OUT_OF_RANGE: 'out-of-range',
  BAD_VALUE: 'bad-value',
  ITEM_IGNORED: 'ignored-item',
  OPTION_IGNORED: 'ignored-option',
  DEPRECATED: 'deprecated',
  MISSING: 'missing',
  CONFLICT: 'conflict',
  SHADOWED: 'shadowed',
};
