import { runClosureOf } from '../plan/graph.ts';
import type { Source } from '../recipe/recipe.ts';
import { findRecipe, type Registry } from '../recipe/registry.ts';
import type { Lock } from '../sources/lock.ts';
import type { Action } from '../store/store.ts';

export interface SbomOptions {
  readonly registry: Registry;
  /** What the bill is about; they and what they need at run time are listed. */
  readonly targets: readonly string[];
  readonly lock: Lock;
  /** Finished steps by name: they add what was really built, and from which bytes. */
  readonly actions: ReadonlyMap<string, Action>;
}

/**
 * The bill of materials of what the targets consist of: each recipe with its version, licence, home, the tarballs it was built from and the layer it made.
 * The same input gives the same text: no serial number, no time.
 *
 * @returns CycloneDX 1.6 as JSON text.
 */
export async function sbom({ registry, targets, lock, actions }: SbomOptions): Promise<string> {
  // Loaded here: a build has no use for it.
  const { Enums, Models, Serialize, Spec } = await import('@cyclonedx/cyclonedx-library');

  const named = new Map(
    runClosureOf(registry, targets).map((name) => {
      const { version, summary, license, homepage, sources } = findRecipe(registry, name);
      const [first] = sources;
      const built = actions.get(name);
      const component = new Models.Component(Enums.ComponentType.Library, name, {
        bomRef: name,
        version: built?.version ?? (first === undefined ? undefined : lock.sources[first.name]?.version) ?? version,
        description: summary,
        licenses: new Models.LicenseRepository([
          /\s/.test(license) ? new Models.LicenseExpression(license) : new Models.SpdxLicense(license),
        ]),
      });
      if (homepage !== '') component.externalReferences.add(reference(homepage, Enums.ExternalReferenceType.Website));
      for (const source of sources) for (const tarball of tarballs(source)) component.externalReferences.add(tarball);
      for (const { name: source, sha256 } of built?.sources ?? []) {
        component.properties.add(new Models.Property(`xlfs:built-from:${source}`, sha256));
      }
      if (built !== undefined) component.properties.add(new Models.Property('xlfs:layer', built.layer));
      return [name, component] as const;
    }),
  );
  for (const [name, component] of named) {
    for (const need of findRecipe(registry, name).needs.run) {
      const needed = named.get(need);
      if (needed !== undefined) component.dependencies.add(needed.bomRef);
    }
  }
  const bom = new Models.Bom();
  for (const component of named.values()) bom.components.add(component);
  const normalizer = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return new Serialize.JsonSerializer(normalizer).serialize(bom, { sortLists: true, space: 2 });

  function reference(url: string, type: (typeof Enums.ExternalReferenceType)[keyof typeof Enums.ExternalReferenceType]) {
    return new Models.ExternalReference(url, type);
  }

  /** Every tarball that the source may be taken from, each with its own digest. */
  function tarballs({ name, url }: Source) {
    const { version = '', providers: { upstream, debian } = {} } = lock.sources[name] ?? {};
    return [
      tarball(upstream?.url ?? url.replaceAll('{version}', version), upstream?.sha256),
      ...(debian === undefined ? [] : [tarball(`pkg:deb/debian/${debian.package}@${debian.version}?arch=source`, debian.sha256)]),
    ];
  }

  function tarball(url: string, sha256: string | undefined) {
    return new Models.ExternalReference(url, Enums.ExternalReferenceType.SourceDistribution, {
      ...(sha256 === undefined ? {} : { hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], sha256]]) }),
    });
  }
}
