import { defaultStoreDir, openStore, type EventHandler, type Store } from '@xlfs/core';
import { jsonReader } from './ui/json.ts';
import { plainReader } from './ui/plain.ts';
import type { EventReader } from './ui/reader.ts';

export interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly store?: string;
}

/** What every verb is given: where the store is, who reads the events, and when to stop. */
export interface Context {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly storeDir: string;
  store(): Promise<Store>;
  /** Reader of build events that suits where the output goes. */
  readonly onEvent: EventHandler;
  /** Told what a boot check is about to look at. */
  readonly onBootStep: (step: string) => void;
  /** Aborted by Ctrl-C, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
  print(text: string): void;
  /** Has the terminal's moving part wiped, before something else is printed. */
  close(): void;
}

export async function openContext(options: GlobalOptions): Promise<Context> {
  const json = options.json ?? false;
  const quiet = options.quiet ?? false;
  const storeDir = options.store ?? defaultStoreDir();
  const reader = await readerFor(json, quiet);
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  for (const name of SIGNALS) process.on(name, onSignal);
  let store: Promise<Store> | undefined;
  return {
    json,
    quiet,
    storeDir,
    store: () => (store ??= openStore(storeDir)),
    onEvent: reader.onEvent,
    onBootStep: (step) => {
      if (json) write(JSON.stringify({ type: 'boot-step', step }));
      else if (!quiet) write(`boot     ${step}`);
    },
    signal: stop.signal,
    print: (text) => {
      reader.close();
      if (text !== '') write(text);
    },
    close: () => {
      reader.close();
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

async function readerFor(json: boolean, quiet: boolean): Promise<EventReader> {
  if (json) return jsonReader(write);
  if (quiet) return silentReader;
  if (!process.stdout.isTTY) return plainReader(write);
  // Loaded only where somebody looks.
  const { terminalReader } = await import('./ui/terminal.ts');
  return terminalReader();
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const silentReader = { onEvent: () => undefined, close: () => undefined };

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
