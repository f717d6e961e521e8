import { expect, test } from 'vitest';
import { KEY_NAMES } from '../schema/schema.ts';
import { parse } from '../meaning/interpret.ts';
import { check, diff, fromJson, toJson, toLibxlText } from './verbs.ts';
import { explain } from './explain.ts';

const TEXT = 'name = "g"\ntype = "pvh"\nkernel = "/k"\nmemory = 64\n';

test('check counts findings and says whether xl would go on', () => {
  expect(check(TEXT)).toMatchObject({ xen: '4.20', accepted: true, errors: 0, warnings: 0 });
  expect(check(`${TEXT}maxcpus = 2\ntype = "x"\n`, { xen: '4.17.5' })).toMatchObject({ xen: '4.17', accepted: false, errors: 1 });
});

test('JSON and text turn into each other', () => {
  expect(toJson(TEXT)).toEqual({ name: 'g', type: 'pvh', kernel: '/k', memory: 64 });
  expect(parse(fromJson(toJson(TEXT)))).toEqual(parse(TEXT));
});

test('libxl JSON is a text that holds numbers of 64 bits exactly', () => {
  expect(toLibxlText(`${TEXT}iomem = ["fffffffffffffff0,1"]\n`)).toContain('"start": 18446744073709551600');
});

test('diff reads what xl list -l prints', () => {
  expect(diff(TEXT, toLibxlText(TEXT))).toEqual({ drifted: false, differences: [] });
  expect(() => diff(TEXT, 'nonsense')).toThrowError(/not JSON/);
});

test('every key is explained, with an example that xl can read', () => {
  for (const key of KEY_NAMES) {
    const { summary, type, manual, example, guests } = explain(key);
    expect([key, summary.length > 3, type.length > 0, manual.startsWith('xl.cfg(5), ')]).toEqual([key, true, true, true]);
    const guest = guests.includes('pvh') ? 'pvh' : (guests.at(-1) as string);
    const kernel = ['kernel', 'firmware', 'bootloader'].includes(key) ? '' : 'kernel = "/k"\n';
    const base = `name = "g"\nvcpus = 2\nmaxvcpus = 2\n${key === 'builder' ? '' : `type = "${guest === 'pvh' && key === 'firmware' ? 'hvm' : guest}"\n`}${kernel}${key === 'vnuma' ? 'maxmem = 512\n' : ''}`;
    const { accepted, diagnostics } = check(`${base}${example as string}\n`, { xen: 'master' });
    expect([
      key,
      accepted,
      diagnostics
        .filter(
          ({ code }) => !['deprecated', 'implicit-type', 'duplicate', 'pvh-device-model', 'shadowed', 'missing'].includes(code),
        )
        .map(({ message }) => message),
    ]).toEqual([key, true, []]);
  }
  expect(() => explain('maxcpus')).toThrowError(expect.objectContaining({ hint: 'Did you mean maxvcpus?' }));
});
