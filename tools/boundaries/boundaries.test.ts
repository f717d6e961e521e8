import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';
import { projects, workspace } from '../test/projects.ts';
import { mayImport } from './boundaries.js';

const eslint = new ESLint({ cwd: workspace });

/** The rules that refuse `code` as the content of a package's entry file. */
async function refusedBy(name: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(workspace, 'packages', name, 'src/index.ts') });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const importing = (specifier: string) => `import { x } from '${specifier}';\nexport const y: unknown = x;\n`;

describe('the direction of imports', () => {
  test.each([
    ['core', 'rootfs'],
    ['core', 'cli'],
    ['kernel-config', 'core'],
    ['xl-config', 'core'],
    ['rootfs', 'xen-builder'],
    ['lfs-builder', 'xen-builder'],
    ['xen-builder', 'lfs-builder'],
  ])('%s may not import %s', async (from, to) => {
    expect(await refusedBy(from, importing(`@xlfs/${to}`))).toContain('no-restricted-imports');
  });

  test.each([
    ['rootfs', 'core'],
    ['xen-builder', 'kernel-config'],
    ['cli', 'lfs-builder'],
  ])('%s may import %s', async (from, to) => {
    expect(await refusedBy(from, importing(`@xlfs/${to}`))).not.toContain('no-restricted-imports');
  });
});

test('a package is imported at its public entry only, and by name', async () => {
  expect(await refusedBy('rootfs', importing('@xlfs/core/dist/store.js'))).toContain('no-restricted-imports');
  expect(await refusedBy('rootfs', importing('../../core/src/index.ts'))).toContain('no-restricted-imports');
  expect(await refusedBy('rootfs', importing('@xlfs/core/package.json'))).not.toContain('no-restricted-imports');
});

test('default exports and export * are refused', async () => {
  expect(await refusedBy('core', 'export default 1;\n')).toContain('import-x/no-default-export');
  expect(await refusedBy('core', `export * from './errors.ts';\n`)).toContain('no-restricted-syntax');
});

describe('package.json asks for no more than the boundaries allow', () => {
  test.each(projects().filter(({ published }) => published))('$name', ({ name, manifest }) => {
    const asked = Object.keys(manifest.dependencies ?? {}).filter((dependency) => dependency.startsWith('@xlfs/'));
    const allowed = mayImport[name.replace('@xlfs/', '')];
    expect(allowed, `a line for ${name} in tools/boundaries/boundaries.js`).toBeDefined();
    expect(asked.filter((dependency) => !allowed?.includes(dependency.replace('@xlfs/', '')))).toEqual([]);
  });
});
