import type { Lock, Recipe } from '@xlfs/core';
import parseSpdx from 'spdx-expression-parse';

/**
 * What is wrong with a recipe beyond its schema, one sentence each; nothing when it is in order.
 * `lock` is the lock file that the recipe is built with.
 */
export function lintRecipe(recipe: Recipe, lock: Lock): string[] {
  return [
    ...lintMetadata(recipe),
    ...recipe.sources.flatMap((source) => lintSource(recipe, source, lock)),
    ...recipe.phases.flatMap(lintPhase),
  ].map((complaint) => `${recipe.name}: ${complaint}`);
}

function lintMetadata({ license, homepage, reference, summary }: Recipe): string[] {
  return [
    ...(isSpdx(license) ? [] : [`license ${JSON.stringify(license)} is no SPDX expression`]),
    ...(/^https?:\/\//.test(homepage) ? [] : [`homepage ${JSON.stringify(homepage)} is no URL`]),
    ...(/\d|[A-Z]/.test(reference) ? [] : ['reference names no section or file']),
    ...(/^[A-Z].*[^.]$/.test(summary) ? [] : ['summary has to begin with a capital and to end without a full stop']),
  ];
}

function lintSource(recipe: Recipe, { name, version, url, debian }: Recipe['sources'][number], lock: Lock): string[] {
  const locked = lock.sources[name];
  const { upstream, debian: debianPin } = locked?.providers ?? {};
  return [
    ...(url.includes('{version}') ? [] : [`url of ${name} has no {version}`]),
    ...(/^https:/.test(url) ? [] : [`url of ${name} is not https`]),
    ...(recipe.sources[0]?.name === name && recipe.version !== version
      ? [`version ${recipe.version} is not that of its source, ${version}`]
      : []),
    ...(locked === undefined ? [`source ${name} is not in the lock file`] : []),
    ...(locked !== undefined && locked.version !== version
      ? [`source ${name} is locked at ${locked.version}, the recipe was written for ${version}`]
      : []),
    ...(upstream !== undefined && upstream.version === undefined && upstream.url !== url.replaceAll('{version}', version)
      ? [`source ${name} is locked from ${upstream.url}, which is not its url`]
      : []),
    ...(debianPin !== undefined && debianPin.package !== debian?.package
      ? [`source ${name} is locked from Debian's ${debianPin.package}, which it does not name`]
      : []),
  ];
}

function lintPhase({ name, run }: Recipe['phases'][number]): string[] {
  return [
    // The jobserver decides how much runs at once; ninja, which may not know it, is given $JOBS.
    ...(/\bmake\b[^\n;|&]*\s-j/.test(run) ? [`phase ${name} passes -j to make`] : []),
    ...(/\b(curl|wget|git clone|pip install|npm (i|install|ci))\b/.test(run) ? [`phase ${name} wants the network`] : []),
    ...(/\bsudo\b/.test(run) ? [`phase ${name} calls sudo`] : []),
  ];
}

function isSpdx(expression: string): boolean {
  try {
    parseSpdx(expression);
    return true;
  } catch {
    return false;
  }
}
