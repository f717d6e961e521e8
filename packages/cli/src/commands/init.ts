import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { defineCommand } from '../command.ts';
import { exampleProject, PROJECT_FILE } from '../project-file/project-file.ts';

/** `xlfs init`: an xlfs.toml to start from. Never overwrites one. */
export const init = defineCommand({
  usage: 'init',
  summary: `write an ${PROJECT_FILE} with the default host and guests`,
  example: 'xlfs init',
  run: async () => {
    const path = resolve(PROJECT_FILE);
    try {
      await writeFile(path, exampleProject(), { flag: 'wx' });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      throw new XlfsError('USAGE', `${path} is there already`, { hint: 'edit it, or remove it first' });
    }
    return { path };
  },
  text: ({ path }) => `wrote ${path}`,
});
