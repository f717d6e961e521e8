/** The pages of the repository do what they say: blocks marked `run` run from its root, links lead somewhere. */
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, workspace } from '../test/projects.ts';
import { examplesOf } from './examples.ts';

const run = promisify(execFile);
const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'packages/*/docs/**/*.md'], { cwd: workspace }).sort();
const ownPages = pages.filter((page) => !page.startsWith('packages/'));

let scratch: string;
beforeAll(async () => {
  scratch = await scratchFolder('docs');
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test('the pages that everything starts from are there', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md']));
});

describe('blocks marked `run` run from the root of the repository', () => {
  const examples = ownPages.flatMap((page) =>
    examplesOf(readFileSync(join(workspace, page), 'utf8'))
      .filter(({ marks }) => marks.includes('run'))
      .map((example) => ({ ...example, place: `${page}:${String(example.line)}` })),
  );

  test.each(examples)('$place', async ({ language, code, place }) => {
    expect(['sh', 'ts']).toContain(language);
    const file = join(scratch, `${place.replace(/\W+/g, '-')}.${language}`);
    await writeFile(file, code);
    const [command, args] = language === 'sh' ? ['sh', ['-eu', file]] : [process.execPath, [file]];
    const PATH = `${join(workspace, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    await run(command, args, { cwd: workspace, env: { ...process.env, PATH } });
  });
});

describe('links lead to files and headings that exist', () => {
  test.each(pages)('%s', async (page) => {
    const text = await readFile(join(workspace, page), 'utf8');
    const broken: string[] = [];
    for (const target of linksOf(text)) {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(workspace, page) : resolve(workspace, dirname(page), path);
      if (!existsSync(file)) broken.push(target);
      else if (anchor !== undefined && !headingsOf(await readFile(file, 'utf8')).includes(anchor)) broken.push(target);
    }
    expect(broken).toEqual([]);
  });
});

/** Relative targets of the links in a page. */
function linksOf(markdown: string): string[] {
  const prose = markdown.replace(/^\s*(`{3,})[^]*?^\s*\1\s*$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));
}

/** Anchors that GitHub gives the headings of a page. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
