import type { EventReader } from './reader.ts';

/** JSON lines: each event as it is. */
export function jsonReader(write: (line: string) => void): EventReader {
  return { onEvent: (event) => write(JSON.stringify(event)), close: () => undefined };
}
