import type { Dialect } from '../kconfig/dialect.ts';
import type { KconfigTree } from '../kconfig/tree.ts';
import type { Prober } from '../probes/prober.ts';

/** The world that `conf` runs in. */
export interface ConfWorld {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly prober: Prober;
  /** The tree, if it has been read already with this environment. @default read from the files */
  readonly tree?: KconfigTree;
  /** How the tree's own Kconfig behaves. @default told from the tree */
  readonly dialect?: Dialect | undefined;
  /** Where parsed trees are kept. @default nowhere */
  readonly cacheFolder?: string | undefined;
  /** Both get Latin-1 text. */
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** Where answers come from, line by line with line ends; undefined at the end. @default standard input */
  readonly input?: { next(): string | undefined };
  /** Whether answers typed are visible on the terminal. */
  readonly isTerminal: boolean;
}
