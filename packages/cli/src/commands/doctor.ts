import { checkRequirements, engineRequirements } from '@xlfs/core';
import { hostRequirements } from '@xlfs/lfs-builder';
import { bootRequirements } from '@xlfs/xen-builder';
import { defineCommand } from '../command.ts';
import { formatTable } from '../ui/format.ts';

/** `xlfs doctor`: what the host has to have, and for each miss what to install or change. */
export const doctor = defineCommand({
  usage: 'doctor',
  summary: 'check what this machine needs to build and boot',
  example: 'xlfs doctor',
  run: async (context) => {
    const findings = await checkRequirements([
      ...engineRequirements(context.storeDir),
      ...hostRequirements(),
      ...bootRequirements(),
    ]);
    return { ok: findings.every(({ ok, level }) => ok || level === 'optional'), findings };
  },
  text: ({ ok, findings }) =>
    [
      formatTable(
        findings.map((f) => [
          f.ok ? 'ok' : f.level === 'optional' ? 'note' : 'MISSING',
          f.name,
          f.ok ? (f.found ?? '') : `${f.why} → ${f.fix}`,
        ]),
      ),
      ok ? 'this machine can build and boot' : 'this machine lacks what is marked MISSING',
    ].join('\n'),
  status: ({ ok }) => (ok ? 0 : 2),
});
