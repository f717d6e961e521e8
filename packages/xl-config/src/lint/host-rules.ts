import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Interpretation } from '../meaning/interpret.ts';
import { spanOf } from '../meaning/place.ts';
import type { DomainConfig, KeyName } from '../schema/schema.ts';
import type { Draft } from './diagnostic.ts';

/** What the linter may look at on the host, when it is asked to. */
export interface HostProbe {
  /** Is there anything at this absolute path? */
  readonly hasFile: (path: string) => boolean;
  readonly hasBridge: (name: string) => boolean;
}

/** This machine. Reads file names only; runs nothing. */
export const thisHost: HostProbe = {
  hasFile: existsSync,
  hasBridge: (name) =>
    !name.includes('/') && (existsSync(`/sys/class/net/${name}/bridge`) || existsSync(`/sys/class/net/${name}/openvswitch`)),
};

const FILE_KEYS = [
  'kernel',
  'ramdisk',
  'device_tree',
  'bootloader',
  'bios_path_override',
  'firmware_override',
  'smbios_firmware',
  'acpi_firmware',
  'pvshim_path',
  'device_model_override',
  'stubdomain_kernel',
  'stubdomain_ramdisk',
] as const satisfies readonly KeyName[];
const DEFAULT_BRIDGE = 'xenbr0';

/** Files and bridges that the configuration names and the host lacks. */
export function hostDrafts({ document, reading }: Interpretation, host: HostProbe): Draft[] {
  const { config } = reading;
  const missing = (key: string, path: string, item?: number): Draft => ({
    code: 'missing-file',
    message: `${path} is not there`,
    hint: 'Make the file, or correct the path.',
    key,
    span: spanOf(document, { key, ...(item === undefined ? {} : { item }) }),
  });
  return [
    ...FILE_KEYS.flatMap((key) =>
      pathOf(config, key)
        .filter((path) => !host.hasFile(path))
        .map((path) => missing(key, path)),
    ),
    ...(config.disk ?? []).flatMap(({ target = '', script, backend }, item) =>
      isAbsolute(target) && script === undefined && backend === undefined && !host.hasFile(target)
        ? [missing('disk', target, item)]
        : [],
    ),
    ...(config.vif ?? []).flatMap(({ bridge = DEFAULT_BRIDGE, script = 'vif-bridge', backend }, item): Draft[] => {
      if (!/vif-(bridge|openvswitch)$/.test(script) || backend !== undefined || host.hasBridge(bridge)) return [];
      return [
        {
          code: 'missing-bridge',
          message: `the host has no bridge ${bridge}`,
          hint: `Make it, or name another: bridge=….`,
          key: 'vif',
          span: spanOf(document, { key: 'vif', item }),
        },
      ];
    }),
  ];
}

function pathOf(config: DomainConfig, key: (typeof FILE_KEYS)[number]): string[] {
  const path = config[key];
  return path !== undefined && isAbsolute(path) ? [path] : [];
}
