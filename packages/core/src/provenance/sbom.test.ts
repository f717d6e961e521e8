import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, test } from 'vitest';
import { defineRecipe } from '../recipe/define.ts';
import { defineRegistry } from '../recipe/registry.ts';
import { sbom } from './sbom.ts';

const base = {
  version: '1',
  summary: 'Something',
  homepage: 'https://example.org/',
  reference: 'r',
  weight: 1,
  phases: [{ name: 'x', run: ':' }],
};
const sha256 = 'a'.repeat(64);
const registry = defineRegistry({ name: 'test', root: 'host' }, [
  defineRecipe({
    ...base,
    name: 'zlib',
    license: 'Zlib',
    sources: [{ name: 'zlib', version: '1.3', url: 'https://example.org/zlib-{version}.tar.xz' }],
  }),
  defineRecipe({ ...base, name: 'linux', license: 'GPL-2.0-only WITH Linux-syscall-note' }),
  defineRecipe({ ...base, name: 'tool', license: 'MIT', needs: { run: ['zlib'], build: ['linux'] } }),
]);
const lock = {
  lockVersion: 1,
  sources: { zlib: { version: '1.3.1', providers: { upstream: { url: 'https://example.org/zlib-1.3.1.tar.xz', sha256 } } } },
} as const;

interface Bill {
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly externalReferences: readonly unknown[];
  }[];
  readonly dependencies: readonly unknown[];
}

test('the bill is valid CycloneDX, and the same each time', async () => {
  const text = await sbom({ registry, targets: ['tool', 'linux'], lock, actions: new Map() });
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
  expect(await sbom({ registry, targets: ['linux', 'tool'], lock, actions: new Map() })).toBe(text);
});

test('it lists what the targets consist of, with the locked tarball, and not what they were built with', async () => {
  const bill = JSON.parse(await sbom({ registry, targets: ['tool'], lock, actions: new Map() })) as Bill;
  expect(bill.components.map(({ name, version }) => `${name} ${version}`)).toEqual(['tool 1', 'zlib 1.3.1']);
  expect(bill.components[1]?.externalReferences).toContainEqual({
    type: 'source-distribution',
    url: 'https://example.org/zlib-1.3.1.tar.xz',
    hashes: [{ alg: 'SHA-256', content: sha256 }],
  });
  expect(bill.dependencies).toContainEqual({ ref: 'tool', dependsOn: ['zlib'] });
});
