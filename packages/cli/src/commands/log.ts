import { readFile } from 'node:fs/promises';
import { XlfsError } from '@xlfs/core';
import { defineCommand } from '../command.ts';
import { openRegistry, PROFILE_OPTION, requireSteps, type ProfileOption } from '../profiles.ts';
import { newestLog } from '../newest-log.ts';

/** `xlfs log`: everything that a step printed when it last ran, whether it succeeded or not. */
export const log = defineCommand({
  usage: 'log <step>',
  summary: 'show what a step printed when it last ran',
  example: 'xlfs log xen-tools',
  options: [PROFILE_OPTION],
  run: async (context, [step = ''], options: ProfileOption) => {
    const opened = await openRegistry(options.profile);
    await requireSteps(opened, [step]);
    const path = await newestLog(await context.store(), step);
    if (path === undefined)
      throw new XlfsError('USAGE', `${step} has not been run in this store`, {
        hint: `xlfs build --profile ${opened.registry.profile.name} ${step}`,
      });
    return { step, path, text: await readFile(path, 'utf8') };
  },
  text: ({ text }) => text.trimEnd(),
});
