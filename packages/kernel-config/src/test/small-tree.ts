import { givenProber } from '../probes/given-prober.ts';
import { Configuration } from '../kconfig/configuration.ts';
import type { DialectName } from '../kconfig/dialect.ts';
import { readUserValues } from '../kconfig/read-config.ts';
import { readTree } from '../kconfig/read-tree.ts';
import type { KconfigTree } from '../kconfig/tree.ts';

/** A tree from texts by file name; the first file is `Kconfig`. */
export function treeOf(files: string | Readonly<Record<string, string>>, dialect: DialectName = 'linux-6.12'): KconfigTree {
  const all: Readonly<Record<string, string>> = typeof files === 'string' ? { Kconfig: files } : files;
  return readTree({
    read: (name) => (Object.hasOwn(all, name) ? all[name] : undefined),
    dialect,
    prober: givenProber({}),
    environment: {},
  });
}

/** That tree under the settings of a `.config`. */
export function configured(files: string, config: string, dialect?: DialectName): Configuration {
  const configuration = new Configuration(treeOf(files, dialect));
  readUserValues(configuration, config, { file: '.config' });
  return configuration;
}
