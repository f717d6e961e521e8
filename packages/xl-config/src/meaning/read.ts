import type { Setting } from '../grammar/settings.ts';
import type { Finding, Subject } from '../problem.ts';
import type { KeySpec } from '../schema/key.ts';
import type { GuestType, ReadContext } from '../schema/kind.ts';
import { isRead, specOf, type DomainConfig } from '../schema/schema.ts';
import { atLeast, type XenVersion } from '../versions.ts';

/** What a release's xl understands of settings. */
export interface Reading {
  /** Without the keys that xl ignores; `name` may be missing only when the file is refused. */
  readonly config: DomainConfig;
  readonly type: GuestType;
  readonly findings: readonly Finding[];
  /** Settings that this release's xl does not know. */
  readonly unknown: readonly Setting[];
  /** Keys that xl knows but does not read for this type of guest. */
  readonly unread: readonly string[];
  /** Keys of a screen that this pv guest does not have: xl does not read them, either. */
  readonly screenless: readonly string[];
}

/** Reads each setting by its key's kind. Findings with severity `error` mean that xl ends. */
export function readSettings(settings: ReadonlyMap<string, Setting>, xen: XenVersion): Reading {
  const findings: Finding[] = [];
  const type = typeOf(settings, xen, findings);
  const config: Record<string, unknown> = {};
  const unknown: Setting[] = [];
  const unread: string[] = [];
  const screenless: string[] = [];
  const screen = screenOf(settings, type, xen);
  for (const setting of settings.values()) {
    const spec = specOf(setting.name);
    if (spec === undefined || (spec.since !== undefined && !atLeast(xen, spec.since))) {
      unknown.push(setting);
      continue;
    }
    const meant = isRead(spec, type, xen);
    const read = meant && (spec.screen !== true || screen === 'whole' || (screen === 'switch' && setting.name === 'vnc'));
    if (!meant) unread.push(setting.name);
    else if (!read) screenless.push(setting.name);
    const refused = spec.refusedFor?.includes(type) === true && typeof setting.value === 'string';
    if (refused) {
      contextOf(setting, xen, type, findings).refuse('CONFLICT', `${setting.name} is not for ${type} guests`, {
        hint: 'Remove the key.',
      });
    }
    const heard = read || ((!meant || screen === 'none') && spec.readForAll === true && !refused);
    const value = spec.kind.read(setting.value, contextOf(setting, xen, type, heard ? findings : []));
    if (value === undefined) continue;
    config[setting.name] = value;
    if (read && spec.deprecated !== undefined) findings.push(deprecation(setting.name, spec.deprecated));
  }
  if (!('name' in config)) {
    findings.push({
      code: 'MISSING',
      severity: 'error',
      message: 'the domain has no name',
      hint: 'Add name = "…".',
      subject: { key: 'name' },
      xl: true,
    });
  }
  return { config: config as DomainConfig, type, findings, unknown, unread, screenless };
}

/** What xl reads of the screen's keys: a pv guest has `vfb`, or else `vnc` decides whether the others count. */
function screenOf(settings: ReadonlyMap<string, Setting>, type: GuestType, xen: XenVersion): 'none' | 'switch' | 'whole' {
  if (type !== 'pv') return 'whole';
  const framebuffers = settings.get('vfb')?.value;
  if (typeof framebuffers === 'object' && typeof framebuffers[0] === 'string') return 'none';
  const vnc = settings.get('vnc');
  return vnc !== undefined && specOf('vnc')?.kind.read(vnc.value, contextOf(vnc, xen, type, [])) === true ? 'whole' : 'switch';
}

/** The type decides which other keys count, so it is known first; `builder` says it in old files. */
function typeOf(settings: ReadonlyMap<string, Setting>, xen: XenVersion, findings: Finding[]): GuestType {
  const read = (name: string): unknown => {
    const setting = settings.get(name);
    return setting === undefined ? undefined : specOf(name)?.kind.read(setting.value, contextOf(setting, xen, 'pv', []));
  };
  const type = read('type') as GuestType | undefined;
  const builder = read('builder') as 'hvm' | 'generic' | undefined;
  const built = builder === undefined ? undefined : builder === 'generic' ? 'pv' : 'hvm';
  if (type !== undefined && built !== undefined && type !== built) {
    findings.push({
      code: 'CONFLICT',
      severity: 'error',
      message: `type = "${type}" contradicts builder = "${builder as string}"`,
      hint: 'Remove builder.',
      subject: { key: 'builder' },
      xl: true,
    });
  }
  return built ?? type ?? 'pv';
}

function contextOf({ name, added }: Setting, xen: XenVersion, type: GuestType, findings: Finding[]): ReadContext {
  const subject = (item: number | undefined): Subject => ({ key: name, ...(item === undefined ? {} : { item }) });
  return {
    key: name,
    xen,
    type,
    added,
    warn: (code, message, { hint, item, silent = false, severity = 'warning' } = {}) =>
      void findings.push({
        code,
        severity,
        message,
        ...(hint === undefined ? {} : { hint }),
        subject: subject(item),
        xl: !silent,
      }),
    refuse: (code, message, { hint, item, silent = false } = {}) =>
      void findings.push({
        code,
        severity: 'error',
        message,
        ...(hint === undefined ? {} : { hint }),
        subject: subject(item),
        xl: !silent,
      }),
  };
}

function deprecation(name: string, { advice, loud = false }: NonNullable<KeySpec<unknown>['deprecated']>): Finding {
  return {
    code: 'DEPRECATED',
    severity: 'warning',
    message: `${name} is deprecated`,
    hint: advice,
    subject: { key: name },
    xl: loud,
  };
}
