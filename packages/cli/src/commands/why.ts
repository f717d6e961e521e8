import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownersOf, resolvePlan, XlfsError, type Action } from '@xlfs/core';
import { DOM0_PATHS, explainPath, type ImageReport, type OwnedFile } from '@xlfs/xen-builder';
import { defineCommand } from '../command.ts';
import { openPlan, PROFILE_OPTION, type ProfileOption } from '../profiles.ts';
import { formatBytes } from '../ui/format.ts';

interface Maker {
  readonly step: string;
  readonly version: string;
  readonly layer: string;
  readonly sources: Action['sources'];
  readonly log: string;
}

/** `xlfs why`: which recipe a path comes from, and for a file of dom0 the chain that pulled it in. */
export const why = defineCommand({
  usage: 'why <path>',
  summary: 'say which recipe a path comes from, and why dom0 has it',
  example: 'xlfs why /usr/sbin/xl',
  options: [PROFILE_OPTION],
  run: async (context, [path = ''], options: ProfileOption) => {
    const { store, lock, plan } = await openPlan(context, options);
    const { cached } = await resolvePlan(store, plan, lock);
    const absolute = `/${path.replace(/^\/+/, '').replace(/\/+$/, '')}`;
    const image = cached.get('dom0-image');
    const report = image === undefined ? undefined : await readReport(join(store.layerRoot(image.layer), DOM0_PATHS.report));
    const dom0 = report === undefined ? undefined : explainPath(report, absolute);
    const owners = await ownersOf(store, cached.values(), absolute);
    if (dom0 === undefined && owners.length === 0) {
      throw new XlfsError('USAGE', `nothing that was built has ${absolute}`, {
        hint:
          image === undefined
            ? `the host is not built yet: xlfs build --profile ${plan.profile}`
            : 'xlfs store ls lists what was built',
      });
    }
    // What lies above comes first: it is what one sees.
    const makers = owners.toReversed().map(({ action }): Maker => ({
      step: action.step,
      version: action.version,
      layer: action.layer,
      sources: action.sources,
      log: store.logPath(action.key),
    }));
    return { path: absolute, dom0, hasDom0: report !== undefined, makers };
  },
  text: ({ path, dom0, hasDom0, makers }) => {
    const absent = hasDom0 ? [`${path} is not in dom0`] : [];
    return [...(dom0 === undefined ? absent : explain(dom0)), ...makers.map(describe)].join('\n');
  },
});

async function readReport(path: string): Promise<ImageReport | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ImageReport);
}

function explain({ path, owner, size, type, why: chain }: OwnedFile): string[] {
  const size_ = type === 'file' ? `, ${formatBytes(size)}` : '';
  return [`${path} is in dom0 (${owner}${size_})`, ...chain.map((link) => `  ${link.path}: ${link.because}`)];
}

function describe({ step, version, layer, sources }: Maker): string {
  const from = sources.map(({ name, version: v, sha256 }) => `${name} ${v} (sha256 ${sha256.slice(0, 16)}…)`).join(', ');
  return `made by ${step} ${version}, layer ${layer.slice(0, 16)}…${from === '' ? '' : `, from ${from}`}; xlfs log ${step} shows how`;
}
