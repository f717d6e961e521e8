import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { withSystemFolders } from './search-path.ts';

/** One thing that the host has to have. */
export interface Requirement {
  readonly name: string;
  /** What it is needed for. */
  readonly why: string;
  /** What to do when it is missing: the package to install, the setting to change. */
  readonly fix: string;
  /** `optional`: slower or less, but it works without. @default 'required' */
  readonly level?: 'required' | 'optional';
  /** @returns what was found, or undefined when the requirement is not met. */
  readonly probe: () => Promise<string | undefined>;
}

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly level: 'required' | 'optional';
  /** Version or figure, when it was found. */
  readonly found: string | undefined;
  readonly why: string;
  readonly fix: string;
}

/** Looks at all requirements at once. */
export function checkRequirements(requirements: readonly Requirement[]): Promise<Finding[]> {
  return Promise.all(
    requirements.map(async ({ name, why, fix, level = 'required', probe }) => {
      const found = await probe().catch(() => undefined);
      return { name, ok: found !== undefined, level, found, why, fix };
    }),
  );
}

/** A program on the PATH, in a minimum version: numbers compared part by part with the first dotted number that it prints. */
export function program(command: readonly string[], minimum?: string): Requirement['probe'] {
  return async () => {
    const [file, ...args] = command;
    const { stdout, stderr } = await promisify(execFile)(file ?? '', args, {
      env: { ...process.env, PATH: withSystemFolders(process.env['PATH']), LC_ALL: 'C' },
    });
    const version = /\d+(\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? 'present';
    return minimum === undefined || compareVersions(version, minimum) >= 0 ? version : undefined;
  };
}

/** Negative, zero or positive, like a sort function; missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let i = 0; i < Math.max(left?.length ?? 0, right?.length ?? 0); i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
