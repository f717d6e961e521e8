import type { Command as Commander } from 'commander';
import { openContext, type Context, type GlobalOptions } from './context.ts';

/** One verb of the command line: what it does gives data, how that looks is apart. */
export interface Command<Options, Result> {
  /** Name and arguments in commander's form: `log <step>`. */
  readonly usage: string;
  readonly summary: string;
  /** A line that works, for `--help`. */
  readonly example: string;
  readonly options?: readonly (readonly [flags: string, description: string])[];
  readonly run: (context: Context, args: readonly string[], options: Options) => Promise<Result>;
  /** What a person reads; with `--json` the result itself is printed instead. */
  readonly text: (result: Result) => string;
  /** Exit status when nothing was thrown. @default 0 */
  readonly status?: (result: Result) => number;
}

/** Verbs of different options and results in one list. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each verb is checked where it is defined
export type AnyCommand = Command<any, any>;

export function defineCommand<Result, Options = Record<string, never>>(
  command: Command<Options, Result>,
): Command<Options, Result> {
  return command;
}

/** Adds a verb to a commander program (or to one of its groups). */
export function register(parent: Commander, command: AnyCommand, setStatus: (status: number) => void): void {
  const sub = parent.command(command.usage).summary(command.summary).description(command.summary);
  for (const [flags, description] of command.options ?? []) sub.option(flags, description);
  sub.addHelpText('after', `\nExample:\n  $ ${command.example}`);
  sub.action(async (...received: unknown[]) => {
    // commander passes the arguments, then the options, then the command.
    const args = received
      .slice(0, -2)
      .flat()
      .filter((arg) => arg !== undefined) as string[];
    const context = await openContext(sub.optsWithGlobals<GlobalOptions>());
    try {
      const result: unknown = await command.run(context, args, sub.opts());
      if (context.json) context.print(JSON.stringify(result));
      else if (!context.quiet) context.print(command.text(result));
      setStatus(command.status?.(result) ?? 0);
    } finally {
      context.close();
    }
  });
}
