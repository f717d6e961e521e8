import { Command, CommanderError } from 'commander';
import { XlfsError } from '@xlfs/core';
import { register, type AnyCommand } from './command.ts';
import { groups, verbs, type Group } from './commands/index.ts';
import { reportError } from './ui/error.ts';
import { version } from './version.ts';

/**
 * The command line.
 *
 * @returns the exit status: 0 done, 1 the work failed, 2 wrong usage or bad input, 130 interrupted.
 */
export async function run(argv: readonly string[]): Promise<number> {
  let status = 0;
  const json = argv.includes('--json');
  // A reader that has seen enough (`| head`) is no failure of ours, but there is nobody left to write to.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    const program = await makeProgram(argv, (next) => (status = next));
    await program.parseAsync([...argv], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // A group without a command: its help has been printed, on stderr.
      if (error.code === 'commander.help') return 2;
      const message = error.message.replace(/^error: /, '');
      return reportError(
        new XlfsError('USAGE', message, { hint: 'xlfs --help lists the commands, xlfs COMMAND --help explains one' }),
        json,
      );
    }
    return reportError(error, json);
  }
}

async function makeProgram(argv: readonly string[], setStatus: SetStatus): Promise<Command> {
  const program = new Command('xlfs')
    .description('Xen & Linux From Scratch: a Xen host and its guests, built from source')
    .version(version())
    .option('--json', 'print JSON on stdout and nothing else')
    .option('--store <dir>', 'folder of sources, layers and logs (default: $XLFS_STORE or ~/.local/share/xlfs/store)')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', '\nExample:\n  $ xlfs up');
  quietErrors(program);
  for (const verb of await verbsFor(argv)) register(program, verb, setStatus);
  for (const group of groups) await addGroup(program, group, argv, setStatus);
  for (const command of allCommands(program)) quietErrors(command);
  return program;
}

type SetStatus = (status: number) => void;

/** A short command should not load what the others lean on; the help and a word that is no verb need all of them. */
async function verbsFor(argv: readonly string[]): Promise<AnyCommand[]> {
  const named = argv.filter((word) => Object.hasOwn(verbs, word));
  const asked = named.length > 0 ? named : groups.some(({ name }) => argv.includes(name)) ? [] : Object.keys(verbs);
  return Promise.all([...new Set(asked)].map((name) => (verbs[name] as () => Promise<AnyCommand>)()));
}

/** The members of a group that the command line does not name are not needed, not even for the help. */
async function addGroup(
  parent: Command,
  { name, summary, example, load }: Group,
  argv: readonly string[],
  setStatus: SetStatus,
): Promise<void> {
  const group = parent.command(name).summary(summary).description(summary).addHelpText('after', `\nExample:\n  $ ${example}`);
  if (!argv.includes(name)) return;
  for (const member of await load()) {
    if ('load' in member) await addGroup(group, member, argv, setStatus);
    else register(group, member, setStatus);
  }
}

/** commander throws instead of exiting, and leaves the printing of errors to us. */
function quietErrors(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((sub) => [sub, ...allCommands(sub)]);
}
