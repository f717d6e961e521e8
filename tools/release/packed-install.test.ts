/** What a consumer gets: each package packed, all of them installed into an empty project, imported, type-checked and run there. */
import { globSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examplesOf } from '../docs/examples.ts';
import { projects, workspace } from '../test/projects.ts';
import { emptyProject, install, pack, run, type Packed } from './packed.ts';

const published = projects().filter((project) => project.published);

let consumer: string;
let packed: Packed[];
beforeAll(async () => {
  consumer = await emptyProject();
  packed = await Promise.all(published.map((project) => pack(project, consumer)));
  await install(packed, consumer);
}, 300_000);
afterAll(() => rm(consumer, { recursive: true, force: true, maxRetries: 5 }));

describe.each(published.map(({ name, folder, manifest }) => ({ name, folder, manifest })))(
  '$name',
  ({ name, folder, manifest }) => {
    const entries = Object.keys(manifest.exports ?? {}).filter((entry) => entry !== './package.json' && !entry.includes('*'));
    const specifiers = entries.map((entry) => name + entry.slice(1));

    test('the tarball has what a consumer needs and nothing of the workshop', () => {
      const files = packed.find((each) => each.name === name)?.files ?? [];
      expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']));
      expect(files.filter((file) => /(^src\/|^e2e\/|\.test\.|tsconfig|vitest|tsup)/.test(file))).toEqual([]);
    });

    test('every entry point can be imported and offers names', async () => {
      expect(specifiers).not.toEqual([]);
      for (const specifier of specifiers) {
        const script = `const names = Object.keys(await import(${JSON.stringify(specifier)})); console.log(JSON.stringify(names));`;
        const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: consumer });
        const names = JSON.parse(stdout) as string[];
        expect(names, specifier).not.toEqual([]);
        expect(names, specifier).not.toContain('default');
      }
    });

    const commands = Object.keys(manifest.bin ?? {});
    if (commands.length > 0)
      test.each(commands)('its command %s starts', async (command) => {
        // A drop-in for another program has that one's exit code for --help, which need not be 0.
        const help = run(join(consumer, 'node_modules/.bin', command), ['--help'], { cwd: consumer });
        const { stdout } = await help.catch((error: { stdout: string }) => error);
        expect(stdout).toMatch(/usage/i);
      });

    test('the examples in its README run as they stand', async () => {
      const all = examplesOf(await readFile(join(folder, 'README.md'), 'utf8'));
      const examples = all.filter(({ language, marks }) => language === 'ts' || marks.includes('run'));
      expect(examples, 'blocks of ts, or marked `sh run`').not.toEqual([]);
      const PATH = `${join(consumer, 'node_modules/.bin')}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
      for (const { code, language, line } of examples) {
        const file = join(consumer, `example-${name.replace(/\W+/g, '-')}-${String(line)}.${language}`);
        await writeFile(file, code);
        const [command, args] = language === 'sh' ? ['sh', ['-eu', file]] : [process.execPath, [file]];
        await run(command, args, { cwd: consumer, env: { ...process.env, PATH } });
      }
    });
  },
);

test('a strict TypeScript consumer compiles against all of them, README examples included', async () => {
  const imports = published.map(
    ({ name }, index) => `import * as p${String(index)} from '${name}';\nexport { p${String(index)} };\n`,
  );
  await writeFile(join(consumer, 'consumer.ts'), imports.join(''));
  const compilerOptions = {
    target: 'ES2024',
    lib: ['ES2024'],
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  const files = globSync('*.ts', { cwd: consumer });
  await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(workspace, 'node_modules/typescript/bin/tsc');
  const output = await run(process.execPath, [tsc, '-p', consumer], { cwd: consumer }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
  expect(output).toBe('');
});
