/** A folder of the archive that holds packages: plain names below `pool`. It becomes part of a URL. */
export const poolFolder = /^pool(\/[A-Za-z0-9][A-Za-z0-9+._~-]*)+$/;

/** One tarball of a Debian source package, as the signed index has it. */
export interface DebianTarball {
  readonly package: string;
  /** Debian's version, with epoch and revision. */
  readonly version: string;
  /** Folder of the archive, from its root. */
  readonly directory: string;
  readonly file: string;
  readonly sha256: string;
  readonly size: number;
}

/**
 * Reads what `apt-cache showsrc` prints: per version of a source package its upstream tarball.
 * Signatures, the packaging tarball and additional component tarballs are left out.
 */
export function parseShowsrc(text: string): DebianTarball[] {
  const tarballs: DebianTarball[] = [];
  for (const stanza of text.split(/\n\s*\n/)) {
    const name = field(stanza, 'Package');
    const version = field(stanza, 'Version');
    const files = /^Checksums-Sha256:[^\n]*\n((?:[ \t]+[^\n]*(?:\n|$))+)/m.exec(stanza)?.[1];
    const directory = field(stanza, 'Directory');
    if (name === undefined || version === undefined || files === undefined) continue;
    if (directory === undefined || !poolFolder.test(directory)) continue;
    const candidates = files
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((columns): columns is [string, string, string] => columns.length === 3 && /^[0-9a-f]{64}$/.test(columns[0] ?? ''));
    const [sha256, size, file] =
      candidates.find(([, , path]) => /\.orig\.tar\.[a-z0-9]+$/.test(path)) ??
      // A native package has one tarball and no `orig`.
      candidates.find(([, , path]) => /\.tar\.[a-z0-9]+$/.test(path) && !/\.(debian|orig-[^.]*)\.tar\./.test(path)) ??
      [];
    if (sha256 === undefined || size === undefined || file === undefined) continue;
    tarballs.push({ package: name, version, directory, file, sha256, size: Number(size) });
  }
  return tarballs;
}

/** `1:1.3.dfsg+really1.3.1-1` → `1.3.dfsg+really1.3.1` (deb-version(7)). */
export function upstreamVersion(version: string): string {
  const withoutEpoch = version.replace(/^\d+:/, '');
  const dash = withoutEpoch.lastIndexOf('-');
  return dash === -1 ? withoutEpoch : withoutEpoch.slice(0, dash);
}

function field(stanza: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(\\S+)`, 'm').exec(stanza)?.[1];
}
