import type { Finding, ReadCode } from '../problem.ts';

/** Collects what xl says while it puts a domain together from values that are each readable. */
export class Verdict {
  readonly findings: Finding[] = [];

  warn(code: ReadCode, key: string, message: string, hint: string, item?: number): void {
    this.add('warning', code, key, message, hint, item);
  }

  refuse(code: ReadCode, key: string, message: string, hint: string, item?: number): void {
    this.add('error', code, key, message, hint, item);
  }

  private add(
    severity: Finding['severity'],
    code: ReadCode,
    key: string,
    message: string,
    hint: string,
    item: number | undefined,
  ): void {
    this.findings.push({ code, severity, message, hint, subject: { key, ...(item === undefined ? {} : { item }) }, xl: true });
  }
}
