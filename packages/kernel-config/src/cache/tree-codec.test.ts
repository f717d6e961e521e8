import { describe, expect, it } from 'vitest';

import { dialects } from '../index.ts';
import { treeOf } from '../test/small-tree.ts';
import { decodeTree, encodeTree } from './tree-codec.ts';

const TREE =
  'config A\n\tbool "a"\n\tselect B if C = "x"\n\tdepends on E\nconfig B\n\tbool\nmenu "m"\nconfig D\n\tint "d"\n\trange 1 B\nendmenu\n';

describe('numbers that are not those of a tree', () => {
  it('give an error or another tree, never a loop', () => {
    const encoded = encodeTree(treeOf(TREE))!;
    let errors = 0;
    for (let at = 0; at < encoded.numbers.length; at++) {
      for (const wrong of [-1, 0, 1, 7, 1 << 30]) {
        const numbers = Int32Array.from(encoded.numbers);
        numbers[at] = wrong;
        try {
          const { root } = decodeTree({ numbers, text: encoded.text }, dialects['linux-6.12']);
          for (let menu = root.firstChild, left = 100; menu !== undefined; menu = menu.next) expect(left--).toBeGreaterThan(0);
        } catch (error) {
          errors++;
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(TypeError);
        }
      }
    }
    expect(errors).toBeGreaterThan(encoded.numbers.length);
  });
});
