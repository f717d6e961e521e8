/**
 * Answers `$(shell,…)` of Kconfig files: mostly questions to the compiler.
 *
 * A prober may answer at once, or hand out a number and work on while parsing goes on; `wait` then blocks for the answer.
 * An answer is what the command wrote to its standard output, at most 4095 bytes, trailing newlines dropped and others
 * turned into spaces, as Latin-1 text.
 */
export interface Prober {
  start(command: string): string | number;
  wait(id: number): string;
  /** Ends what the prober started. The prober can be used again. */
  close(): void;
}

/** Longest answer in bytes that Kconfig takes from a command. */
const MAX_ANSWER = 4095;

/** A command's output as Kconfig sees it. */
export function asAnswer(output: string): string {
  return output.slice(0, MAX_ANSWER).replace(/\n+$/, '').replaceAll('\n', ' ');
}
