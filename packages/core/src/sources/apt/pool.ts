import { access, rm } from 'node:fs/promises';
import { explained } from './complaint.ts';
import type { AptArchive } from './machine-sources.ts';
import type { DebianTarball } from './source-index.ts';

const APT_HELPER = '/usr/lib/apt/apt-helper';

const OPTIONS = [
  'Acquire::Retries=3',
  'Acquire::http::Timeout=30',
  'Acquire::https::Timeout=30',
  // The target belongs to whoever runs this: no other user could write there.
  'APT::Sandbox::User=root',
].flatMap((option) => ['-o', option]);

/**
 * Gets one file of an archive through apt's own transports, and so with the machine's proxies and credentials. It needs no index: the
 * digest says whether it is the right file, and a pool keeps files for a while that no index names any more.
 */
export async function downloadFromPool(
  archive: AptArchive,
  { directory, file, sha256 }: Pick<DebianTarball, 'directory' | 'file' | 'sha256'>,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const place = poolUrl(archive, { directory, file });
  try {
    const { execa } = await import('execa');
    await execa(APT_HELPER, [...OPTIONS, 'download-file', place, target, `SHA256:${sha256}`], {
      cancelSignal: signal,
      env: { LC_ALL: 'C' },
    });
  } catch (error) {
    throw explained(error, `${directory}/${file}`);
  } finally {
    await rm(`${target}.FAILED`, { force: true });
  }
}

/** Where an archive has a file. */
export function poolUrl({ uri }: AptArchive, { directory, file }: Pick<DebianTarball, 'directory' | 'file'>): string {
  return `${uri.replace(/\/+$/, '')}/${directory}/${file}`;
}

/** True when apt's programs are there. */
export async function aptIsThere(): Promise<boolean> {
  return access(APT_HELPER).then(
    () => true,
    () => false,
  );
}
