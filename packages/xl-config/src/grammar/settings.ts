import type { Document, ValueNode } from './tree.ts';

/** A value as libxlu holds it. */
export type SettingValue = string | readonly SettingValue[];

/** What xl finds when it asks for a key: the last assignment, with what `+=` joined to it. */
export interface Setting {
  readonly name: string;
  readonly value: SettingValue;
  /** Made by `+=`: xl refuses to read a number from it. */
  readonly added: boolean;
  /** One-based. */
  readonly line: number;
}

/** The settings of a text that libxlu accepts, by key, in the order of their first assignment. */
export function settingsOf(document: Document): Map<string, Setting> {
  const settings = new Map<string, { name: string; value: string | SettingValue[]; added: boolean; line: number }>();
  for (const { name, operator, value, line } of document.assignments) {
    const before = operator === '+=' ? settings.get(name)?.value : undefined;
    settings.set(name, { name, value: joined(before, plain(value)), added: operator === '+=', line });
  }
  return settings;
}

/** Extends the list that is there, which nobody else holds: many `+=` stay linear. */
function joined(before: string | SettingValue[] | undefined, value: string | SettingValue[]): string | SettingValue[] {
  if (before === undefined) return value;
  if (typeof before === 'string') return before + String(value);
  for (const item of value) before.push(item);
  return before;
}

/** Without recursion: a file may nest lists some thousand levels deep. */
function plain(node: ValueNode): string | SettingValue[] {
  if (node.kind === 'atom') return node.value;
  const root: SettingValue[] = [];
  const pending: [ValueNode, SettingValue[]][] = [];
  for (const item of node.items) pending.push([item, root]);
  for (let at = 0; at < pending.length; at++) {
    const [item, into] = pending[at] as [ValueNode, SettingValue[]];
    if (item.kind === 'atom') {
      into.push(item.value);
    } else {
      const list: SettingValue[] = [];
      into.push(list);
      for (const inner of item.items) pending.push([inner, list]);
    }
  }
  return root;
}
