import type { EventHandler } from '@xlfs/core';

/** Something that shows build events to somebody. */
export interface EventReader {
  readonly onEvent: EventHandler;
  close(): void;
}
