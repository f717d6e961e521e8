/**
 * Which package may import which, by the last part of its name: docs/architecture.md as data. Whatever is not listed is refused,
 * so a new package stands alone until a line here says otherwise.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const mayImport = {
  core: [],
  'kernel-config': [],
  'xl-config': [],
  rootfs: ['core'],
  'lfs-builder': ['core'],
  'xen-builder': ['core', 'kernel-config', 'rootfs', 'xl-config'],
  cli: ['core', 'kernel-config', 'lfs-builder', 'rootfs', 'xen-builder', 'xl-config'],
};

/** What lint says to an import that crosses a boundary. */
export function refusals(/** @type {string} */ name) {
  const allowed = mayImport[name] ?? [];
  const others = Object.keys(mayImport).filter((other) => !allowed.includes(other));
  return [
    {
      regex: `^@xlfs/[^/]+/(?!package\\.json$)|^(\\.\\./)+(packages/)?(${Object.keys(mayImport).join('|')})/(src|dist|e2e)/`,
      message: 'Import a package by its name: what its exports do not offer is its own affair.',
    },
    {
      regex: `^@xlfs/(${others.join('|')})$`,
      message: `@xlfs/${name} may import ${allowed.length === 0 ? 'no other package' : `only ${allowed.map((other) => `@xlfs/${other}`).join(', ')}`} (docs/architecture.md, boundaries).`,
    },
  ];
}
