import type { LayerDifference } from '../layer/difference.ts';

/** Everything that happens during a build, in order, as one typed stream. Each reader (terminal, plain lines, JSON lines) is a function of it. */
export type BuildEvent =
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly targets: readonly string[];
      readonly steps: number;
      readonly cached: number;
      readonly estimateSeconds: number;
    }
  | { readonly type: 'step-cached'; readonly step: string; readonly key: string; readonly layer: string }
  | { readonly type: 'step-waiting'; readonly step: string; readonly key: string; readonly reason: string }
  | {
      readonly type: 'source-progress';
      readonly source: string;
      readonly provider: string;
      readonly bytes: number;
      readonly total: number | undefined;
    }
  | {
      readonly type: 'source-ready';
      readonly source: string;
      readonly version: string;
      readonly provider: string;
      readonly sha256: string;
    }
  | {
      readonly type: 'step-started';
      readonly step: string;
      readonly key: string;
      readonly version: string;
      readonly estimateSeconds: number;
      readonly log: string;
    }
  | { readonly type: 'phase-started'; readonly step: string; readonly phase: string }
  | {
      readonly type: 'step-finished';
      readonly step: string;
      readonly key: string;
      readonly layer: string;
      readonly seconds: number;
      readonly cpuSeconds: number;
      readonly bytes: number;
      readonly files: number;
      readonly overheadMs: number;
      /** Of a step that runs tests: how many passed, and the names of those that failed and are known to. */
      readonly tests?: { readonly passed: number; readonly failed: readonly string[] };
    }
  | {
      /** After `step-finished`, when a finished step was built once more. */
      readonly type: 'step-compared';
      readonly step: string;
      /** Digest of the layer in the store, and of the one made now. */
      readonly first: string;
      readonly second: string;
      /** Empty when they are the same. */
      readonly differences: readonly LayerDifference[];
    }
  | {
      readonly type: 'step-failed';
      readonly step: string;
      readonly key: string | undefined;
      readonly code: string;
      readonly message: string;
      readonly log: string | undefined;
    }
  | { readonly type: 'step-skipped'; readonly step: string; readonly because: string }
  | { readonly type: 'warning'; readonly message: string }
  | {
      readonly type: 'run-finished';
      readonly run: string;
      readonly built: number;
      readonly cached: number;
      readonly failed: number;
      readonly seconds: number;
      readonly cpuSeconds: number;
    };

export type EventHandler = (event: BuildEvent) => void;
