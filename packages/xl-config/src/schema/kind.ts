import type { SettingValue } from '../grammar/settings.ts';
import type { Finding, ReadCode } from '../problem.ts';
import type { XenVersion } from '../versions.ts';

export type GuestType = 'pv' | 'pvh' | 'hvm';

/** What a value's reader knows and where it reports to. */
export interface ReadContext {
  readonly key: string;
  readonly xen: XenVersion;
  readonly type: GuestType;
  /** The value was made with `+=`. */
  readonly added: boolean;
  /** xl goes on, with a message of its own unless `silent`. */
  warn(code: ReadCode, message: string, options?: ReportOptions): void;
  /** xl ends with an error. */
  refuse(code: ReadCode, message: string, options?: ReportOptions): void;
}

export interface ReportOptions {
  readonly hint?: string;
  readonly item?: number;
  /** xl itself says nothing here. */
  readonly silent?: boolean;
  readonly severity?: Finding['severity'];
}

/** How values of one kind are read from and written to settings. */
export interface Kind<T> {
  /** For `explain`: `boolean`, `"raw" | "qcow2"`, `list of disks`. */
  readonly label: string;
  /** The value as xl understands it; `undefined` when xl ignores it or ends. */
  readonly read: (value: SettingValue, context: ReadContext) => T | undefined;
  readonly write: (value: T) => Written;
}

/** A setting's value; `bare` when it may stand without quotes. */
export interface Written {
  readonly value: SettingValue;
  readonly bare?: boolean;
}
