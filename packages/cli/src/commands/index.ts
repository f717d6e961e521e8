import type { AnyCommand } from '../command.ts';
import { boot } from './boot.ts';
import { build } from './build.ts';
import { doctor } from './doctor.ts';
import { init } from './init.ts';
import { log } from './log.ts';
import { plan } from './plan.ts';
import { shell } from './shell.ts';
import { sourcesCommands } from './sources.ts';
import { storeCommands } from './store.ts';
import { up } from './up.ts';
import { why } from './why.ts';

export const commands: readonly AnyCommand[] = [up, init, doctor, plan, build, boot, shell, log, why];

export interface Group {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly AnyCommand[];
}

export const groups: readonly Group[] = [
  { name: 'sources', summary: 'tarballs: pin, fetch, mirror, verify', commands: sourcesCommands },
  { name: 'store', summary: 'what was built: list, verify, clean up', commands: storeCommands },
];
