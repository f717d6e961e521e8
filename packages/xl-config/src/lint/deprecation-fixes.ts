import type { Assignment, Document, ValueNode } from '../grammar/tree.ts';
import type { Finding } from '../problem.ts';
import { assignmentOf } from '../meaning/place.ts';
import type { DomainConfig } from '../schema/schema.ts';
import { literal } from '../write/literal.ts';
import type { Fix } from './diagnostic.ts';
import { removal, replace } from '../text/edits.ts';

/** Keys that xl reads and throws away. */
const WITHOUT_EFFECT = ['vif2', 'vncviewer', 'device_model', 'slice', 'latency'];
const NUMBERED = ['tsc_mode', 'timer_mode'];

/** The modern form of what xl calls deprecated, where it means the same. */
export function modernise(document: Document, config: DomainConfig, { code, subject }: Finding): Fix | undefined {
  const { key, item } = subject;
  const assignment = assignmentOf(document, key);
  if (assignment === undefined || (code !== 'DEPRECATED' && code !== 'SHADOWED')) return undefined;
  if (document.byName.get(key)?.length !== 1) return undefined;
  if (code === 'SHADOWED') return removed(document, assignment);
  if (WITHOUT_EFFECT.includes(key)) return removed(document, assignment, key !== 'slice' && key !== 'latency');
  if (NUMBERED.includes(key)) return written(assignment, String((config as unknown as Record<string, unknown>)[key]));
  if (key === 'builder') return builder(document, config, assignment);
  if (key === 'stdvga') return graphics(document, config, assignment);
  if (key === 'bootloader_args' && typeof config.bootloader_args === 'string') {
    return written(
      assignment,
      config.bootloader_args.split(/[ \t\n]+/).filter((word) => word !== ''),
    );
  }
  return key === 'vif' && item !== undefined ? gateway(document, assignment.value, item) : undefined;
}

function removed(document: Document, assignment: Assignment, safe = true): Fix {
  return { title: `Remove ${assignment.name}`, edits: [removal(document, assignment)], safe };
}

function written(assignment: Assignment, value: string | readonly string[]): Fix | undefined {
  return value === 'undefined'
    ? undefined
    : { title: 'Write it in the modern form', edits: [replace(assignment.value, literal(value))], safe: true };
}

function builder(document: Document, config: DomainConfig, assignment: Assignment): Fix | undefined {
  if (config.type !== undefined) return removed(document, assignment);
  const type = config.builder === 'generic' ? 'pv' : 'hvm';
  return {
    title: `Write type = "${type}"`,
    edits: [replace(assignment.nameSpan, 'type'), replace(assignment.value, `"${type}"`)],
    safe: true,
  };
}

function graphics(document: Document, config: DomainConfig, assignment: Assignment): Fix {
  if (config.vga !== undefined) return removed(document, assignment);
  const card = config.stdvga === true ? 'stdvga' : 'cirrus';
  return {
    title: `Write vga = "${card}"`,
    edits: [replace(assignment.nameSpan, 'vga'), replace(assignment.value, `"${card}"`)],
    safe: true,
  };
}

/** `netdev=` is `gatewaydev=`; only where the text stands as it is meant. */
function gateway({ text }: Document, value: ValueNode, item: number): Fix | undefined {
  const node = value.kind === 'list' ? value.items[item] : undefined;
  const match = node === undefined ? null : /(?<=["',\s])netdev=/.exec(text.slice(node.start, node.end));
  if (node === undefined || match === null) return undefined;
  const start = node.start + match.index;
  return { title: 'Write gatewaydev', edits: [{ start, end: start + 'netdev'.length, text: 'gatewaydev' }], safe: true };
}
