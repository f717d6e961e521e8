/**
 * Tests that are meant for an ordinary user, as shell that root runs in the source folder. No shell word of the command is expanded before.
 *
 * @param folder where it runs, and what that user may write to
 */
export function asNobody(command: string, folder = '.'): string {
  return `\
chown -R nobody:nogroup ${folder}
chroot --userspec=nobody:nogroup / sh -c 'cd "$1" && ${command.replaceAll("'", `'\\''`)}' sh "$PWD/${folder}"`;
}
