/** Tests that are meant for an ordinary user, as shell that root runs in the source folder. No shell word of the command is expanded before. */
export function asNobody(command: string): string {
  return `\
chown -R nobody:nogroup .
chroot --userspec=nobody:nogroup / sh -c 'cd "$1" && ${command.replaceAll("'", `'\\''`)}' sh "$PWD"`;
}
