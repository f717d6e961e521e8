import { XlConfigError } from '../errors.ts';
import { parseDocument } from '../grammar/parser.ts';
import { settingsOf } from '../grammar/settings.ts';
import { excerpt, positionOf, type Document } from '../grammar/tree.ts';
import type { LibxlObject } from '../libxl/json.ts';
import type { Finding } from '../problem.ts';
import type { DomainConfig } from '../schema/schema.ts';
import { DEFAULT_XEN, xenVersion, type XenVersion } from '../versions.ts';
import { domainOf, type Domain } from './domain.ts';
import { DEFAULT_ENVIRONMENT, type Environment } from './environment.ts';
import { spanOf } from './place.ts';
import { readSettings, type Reading } from './read.ts';

export interface InterpretOptions {
  /** Release whose xl is meant: `4.17` to `4.22` (with or without a patch level), `master`. @default '4.20' */
  readonly xen?: string;
  /** The machine that the file is meant for. @default 4 processors, 1 node */
  readonly environment?: Partial<Environment>;
}

/** A text with everything that a release's xl makes of it. */
export interface Interpretation {
  readonly document: Document;
  readonly xen: XenVersion;
  readonly reading: Reading;
  /** Missing when the text has a syntax error or a value that xl refuses. */
  readonly domain: Domain | undefined;
  /** What xl has to say, and what it should. */
  readonly findings: readonly Finding[];
  /** xl would go on to create the domain. */
  readonly accepted: boolean;
}

/** Reads a text as a release's xl does, without throwing. */
export function interpret(text: string, options: InterpretOptions = {}): Interpretation {
  const xen = xenVersion(options.xen ?? DEFAULT_XEN);
  const document = parseDocument(text);
  const reading = readSettings(settingsOf(document), xen);
  const readable = document.problems.length === 0 && !reading.findings.some(isError);
  const domain = readable ? domainOf(reading.config, xen, { ...DEFAULT_ENVIRONMENT, ...options.environment }) : undefined;
  const findings = [...reading.findings, ...(domain?.findings ?? [])];
  return { document, xen, reading, domain, findings, accepted: domain !== undefined && !findings.some(isError) };
}

/**
 * The configuration in a text, as a release's xl understands it.
 * @throws XlConfigError SYNTAX or REFUSED, with the place, when that xl would not take the text.
 */
export function parse(text: string, options: InterpretOptions = {}): DomainConfig {
  return accepted(text, options).reading.config;
}

/**
 * The `libxl_domain_config` that `xl -N create` prints for a text, or for a configuration. Random values differ: a UUID
 * that is not given is left out, a generation ID is zeros.
 * @throws XlConfigError SYNTAX or REFUSED when that xl would not take it.
 */
export function toLibxlJson(source: string | DomainConfig, options: InterpretOptions = {}): LibxlObject {
  if (typeof source === 'string') return (accepted(source, options).domain as Domain).json();
  const domain = domainOf(source, xenVersion(options.xen ?? DEFAULT_XEN), { ...DEFAULT_ENVIRONMENT, ...options.environment });
  const fault = domain.findings.find(isError);
  if (fault !== undefined)
    throw new XlConfigError('REFUSED', fault.message, fault.hint === undefined ? {} : { hint: fault.hint });
  return domain.json();
}

function accepted(text: string, options: InterpretOptions): Interpretation {
  const interpretation = interpret(text, options);
  const { document } = interpretation;
  const problem = document.problems[0];
  if (problem !== undefined) throw refusal('SYNTAX', document, problem, problem.message, problem.hint);
  const fault = interpretation.findings.find(isError);
  if (fault !== undefined) throw refusal('REFUSED', document, spanOf(document, fault.subject), fault.message, fault.hint);
  return interpretation;
}

function refusal(
  code: 'SYNTAX' | 'REFUSED',
  document: Document,
  span: { start: number; end: number },
  message: string,
  hint: string | undefined,
): XlConfigError {
  const position = positionOf(document, span.start);
  return new XlConfigError(code, `line ${position.line}: ${message}\n${excerpt(document, span)}`, {
    position,
    ...(hint === undefined ? {} : { hint }),
  });
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}
