import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { collectLicenses, sourceFetcher, XlfsError, type LicensedRecipe } from '@xlfs/core';
import { existsSync } from 'node:fs';
import { defineCommand } from '../command.ts';
import { openPlan, PROFILE_OPTION, type ProfileOption } from '../profiles.ts';
import { formatTable } from '../ui/format.ts';

interface LicensesOptions extends ProfileOption {
  readonly out?: string;
}

/** `xlfs licenses`: what everything in the targets is licensed under, with the files that say so. */
export const licenses = defineCommand({
  usage: 'licenses [targets...]',
  summary: 'list the licences of what the targets consist of; with --out, collect the licence files',
  example: 'xlfs licenses --profile lfs --out licenses',
  options: [PROFILE_OPTION, ['--out <dir>', 'new folder for the licence files, one folder a recipe']],
  run: async (context, named, options: LicensesOptions) => {
    const { registry, lock, store, plan } = await openPlan(context, options, named);
    const { onEvent, signal } = context;
    const found = await collectLicenses({
      store,
      registry,
      targets: plan.targets,
      lock,
      fetch: sourceFetcher(store, lock),
      onEvent,
      signal,
    });
    if (options.out !== undefined) await copyTo(resolve(options.out), found);
    return found.map(({ recipe, license, files }) => ({
      recipe,
      license,
      files: files.map(({ source, path }) => `${source}/${path}`),
    }));
  },
  text: (found) => formatTable(found.map(({ recipe, license, files }) => [recipe, license, files.join(' ')])),
});

/** All of it or nothing: made beside its place, then renamed. */
async function copyTo(out: string, found: readonly LicensedRecipe[]): Promise<void> {
  if (existsSync(out)) {
    throw new XlfsError('USAGE', `${out} is there already`, { hint: 'name a new folder with --out, or remove that one' });
  }
  const beside = `${out}.${String(process.pid)}.tmp`;
  try {
    for (const { recipe, license, files } of found) {
      await mkdir(join(beside, recipe), { recursive: true });
      await writeFile(join(beside, recipe, 'SPDX'), `${license}\n`);
      for (const { source, path, location } of files) {
        const place = join(beside, recipe, source, path);
        await mkdir(dirname(place), { recursive: true });
        await copyFile(location, place);
      }
    }
    await rename(beside, out);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    throw error;
  }
}
