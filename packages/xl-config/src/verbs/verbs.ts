import { XlConfigError } from '../errors.ts';
import { configFromJson, configToJson, type Json } from '../convert/json.ts';
import { toLibxlJson as libxlOf, type InterpretOptions, parse } from '../meaning/interpret.ts';
import { stringifyLibxl } from '../libxl/json.ts';
import { diagnosticsOf, type LintOptions } from '../lint/lint.ts';
import type { Diagnostic } from '../lint/diagnostic.ts';
import { interpret } from '../meaning/interpret.ts';
import { write } from '../write/write.ts';
import { drift, isDrift, type Difference } from '../drift/drift.ts';
import type { XenVersion } from '../versions.ts';

/** What `xlfs xl check` reports of one text. */
export interface CheckReport {
  readonly xen: XenVersion;
  /** xl of this release would create the domain. */
  readonly accepted: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly diagnostics: readonly Diagnostic[];
}

export function check(text: string, options: LintOptions = {}): CheckReport {
  const interpretation = interpret(text, options);
  const diagnostics = diagnosticsOf(interpretation, options);
  const count = (severity: Diagnostic['severity']): number =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return {
    xen: interpretation.xen,
    accepted: interpretation.accepted,
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
    diagnostics,
  };
}

/** A text's configuration as JSON. @throws XlConfigError SYNTAX or REFUSED. */
export function toJson(text: string, options: InterpretOptions = {}): Json {
  return configToJson(parse(text, options));
}

/** JSON as xl.cfg text. @throws XlConfigError CONVERT_INVALID, UNKNOWN_KEY or NOT_WRITABLE. */
export function fromJson(json: unknown): string {
  return write(configFromJson(json));
}

/** The text that `xl -N create` prints, in the layout of libxl up to 4.20. @throws XlConfigError SYNTAX or REFUSED. */
export function toLibxlText(text: string, options: InterpretOptions = {}): string {
  return `${stringifyLibxl(libxlOf(text, options))}\n`;
}

export interface DiffReport {
  /** Something other than libxl's own choices differs. */
  readonly drifted: boolean;
  readonly differences: readonly Difference[];
}

/**
 * A file against the JSON text of a running domain (`xl list -l DOMAIN`).
 * @throws XlConfigError CONVERT_INVALID when that is no JSON of a domain, SYNTAX or REFUSED for the file.
 */
export function diff(text: string, domain: string, options: InterpretOptions = {}): DiffReport {
  const differences = drift(text, readJson(domain), options);
  return { drifted: differences.some(isDrift), differences };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new XlConfigError('CONVERT_INVALID', 'not JSON', { cause, hint: 'Pass what `xl list -l DOMAIN` prints.' });
  }
}
