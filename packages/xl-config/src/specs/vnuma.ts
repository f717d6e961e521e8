import type { SettingValue } from '../grammar/settings.ts';
import { strtok, strtoul } from '../schema/c.ts';
import type { Kind, ReadContext } from '../schema/kind.ts';
import { defined, pairOf } from './options.ts';

/** One entry of `vnuma`: a NUMA node of the guest. */
export interface VirtualNode {
  /** Node of the host. */
  readonly pnode?: number;
  /** MiB. */
  readonly size?: number;
  /** `0-3` or `0,2`. */
  readonly vcpus?: string;
  /** Distances to each node. */
  readonly vdistances?: readonly number[];
}

/** Each node is a list of `name=value` strings. */
export const virtualNodes: Kind<readonly VirtualNode[]> = {
  label: 'list of nodes, each a list of strings',
  read: (value, context) => {
    if (typeof value === 'string') return undefined;
    const nodes = value.map((entry, item) => readNode(entry, context, item));
    return nodes.every((node) => node !== undefined) ? nodes : undefined;
  },
  write: (nodes) => ({ value: nodes.map(writeNode) }),
};

function readNode(entry: SettingValue, context: ReadContext, item: number): VirtualNode | undefined {
  if (typeof entry === 'string')
    return void context.refuse('WRONG_SHAPE', 'vnuma: each node is a list of strings', {
      item,
      hint: 'Write vnuma = [["pnode=0", "size=1024", "vcpus=0-1"]].',
    });
  const node: { -readonly [K in keyof VirtualNode]: VirtualNode[K] } = {};
  for (const text of entry) {
    if (typeof text !== 'string') continue;
    const pair = pairOf(text, '=', context.xen);
    const fault = pair === undefined ? 'not name=value' : setOption(node, pair[0].trim(), pair[1].trim());
    if (fault !== undefined) return void context.refuse('BAD_VALUE', `vnuma ${JSON.stringify(text)}: ${fault}`, { item });
    if (pair !== undefined && !['pnode', 'size', 'vcpus', 'vdistances'].includes(pair[0].trim())) {
      context.warn('OPTION_IGNORED', `vnuma: xl does not know ${JSON.stringify(pair[0].trim())}`, {
        item,
        silent: true,
        hint: 'Known are pnode, size, vcpus, vdistances.',
      });
    }
  }
  return node;
}

function setOption(
  node: { -readonly [K in keyof VirtualNode]: VirtualNode[K] },
  name: string,
  value: string,
): string | undefined {
  if (name === 'pnode' || name === 'size') {
    const number = wholeOf(value);
    if (number === undefined) return 'not a number';
    node[name] = number;
  } else if (name === 'vcpus') {
    if (strtok(value).length === 0) return 'no processors';
    node.vcpus = value;
  } else if (name === 'vdistances') {
    const distances = strtok(value).map(wholeOf);
    if (distances.length === 0 || distances.includes(undefined)) return 'not numbers';
    node.vdistances = distances as number[];
  }
  return undefined;
}

function wholeOf(text: string): number | undefined {
  const { value, length } = strtoul(text, 10);
  return length === 0 || value === 2n ** 64n - 1n ? undefined : Number(value);
}

function writeNode(node: VirtualNode): string[] {
  const values = defined({ ...node, vdistances: node.vdistances?.join(',') });
  return Object.entries(values).map(([name, value]) => `${name}=${String(value)}`);
}
