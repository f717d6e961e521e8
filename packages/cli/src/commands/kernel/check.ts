import { roleOptions, verifyConfig } from '@xlfs/kernel-config';
import { defineCommand } from '../../command.ts';
import { formatTable } from '../../ui/format.ts';
import { printable } from '../../ui/printable.ts';
import { nameOf } from '../shared/files.ts';
import { readRole, ROLE_OPTIONS, type RoleOptions } from './role.ts';
import { readConfigInput } from './tree.ts';

/** `xlfs kernel check`: is this `.config` fit for the role? */
export const check = defineCommand({
  usage: 'check <config>',
  summary: 'say what a kernel of a role wants and a .config does not give; ends with 1 if there is any',
  example: 'xlfs kernel check /boot/config-6.12 --role domU',
  options: ROLE_OPTIONS,
  run: async (context, [file = ''], options: RoleOptions) => {
    const { role, ...settings } = readRole(options);
    const wanted = roleOptions(role, settings);
    const reasons = new Map(wanted.map(({ symbol, reason }) => [symbol, reason]));
    const misses = verifyConfig(await readConfigInput(file, context.signal), wanted).map((miss) => ({
      ...miss,
      reason: reasons.get(miss.symbol) ?? '',
    }));
    return { file: nameOf(file), role, wishes: wanted.length, misses };
  },
  text: ({ file, role, wishes, misses }) =>
    printable(
      [
        ...(misses.length === 0
          ? []
          : [formatTable(misses.map(({ symbol, wanted, got, reason }) => [symbol, `wanted ${wanted}`, `is ${got}`, reason]))]),
        `${file}: ${String(wishes - misses.length)} of the ${String(wishes)} wishes of a ${role} kernel hold`,
      ].join('\n'),
    ),
  status: ({ misses }) => (misses.length === 0 ? 0 : 1),
});
