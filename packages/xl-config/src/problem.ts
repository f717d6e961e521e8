/** How bad a finding is. `error`: xl refuses the file. `warning`: most likely not what was meant. `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

/** Where in a configuration a finding belongs; the place in the text follows from it. */
export interface Subject {
  readonly key: string;
  /** Index in the key's list. */
  readonly item?: number;
}

/** What reading a value may have to say. */
export type ReadCode =
  /** A list where xl wants one value, or the other way round: xl warns and ignores the key. */
  | 'WRONG_SHAPE'
  /** Not a number: xl warns and ignores the key. */
  | 'NOT_A_NUMBER'
  /** A number made with `+=`: xl warns and ignores the key. */
  | 'ADDED_NUMBER'
  /** A value that xl takes but that makes no sense for the key. */
  | 'OUT_OF_RANGE'
  /** A value outside the key's words or syntax: xl refuses the file. */
  | 'BAD_VALUE'
  /** A list item that is a list itself: xl stops reading the list there. */
  | 'ITEM_IGNORED'
  /** An option inside a device string that xl does not know: it warns and goes on. */
  | 'OPTION_IGNORED'
  | 'DEPRECATED'
  | 'MISSING'
  | 'CONFLICT'
  /** A key that another one makes pointless. */
  | 'SHADOWED';

export interface Finding {
  readonly code: ReadCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly subject: Subject;
  /** xl prints something at this place, too. */
  readonly xl: boolean;
}
