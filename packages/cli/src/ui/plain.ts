import type { BuildEvent } from '@xlfs/core';
import { formatBytes, formatSeconds } from './format.ts';
import type { EventReader } from './reader.ts';

/** One line an event that matters, for pipes and logs. */
export function plainReader(write: (line: string) => void): EventReader {
  return {
    onEvent: (event) => {
      const line = plainLine(event);
      if (line !== undefined) write(line);
    },
    close: () => undefined,
  };
}

/** What there is to say about an event in one line; undefined for those that only move a display. */
export function plainLine(event: BuildEvent): string | undefined {
  switch (event.type) {
    case 'run-started':
      return `${String(event.steps - event.cached)} of ${String(event.steps)} steps to do, about ${formatSeconds(event.estimateSeconds)}`;
    case 'source-ready':
      return `source   ${event.source} ${event.version} (${event.provider})`;
    case 'step-started':
      return `start    ${event.step} ${event.version}`;
    case 'step-cached':
      return `cached   ${event.step}`;
    case 'step-waiting':
      return `waiting  ${event.step}: ${event.reason}`;
    case 'step-finished':
      return `done     ${event.step} in ${formatSeconds(event.seconds)} (${formatSeconds(event.cpuSeconds)} of processor), ${describeResult(event)}`;
    case 'step-compared': {
      const { length } = event.differences;
      return length === 0 ? `same     ${event.step}` : `differs  ${event.step}: ${String(length)} path${length === 1 ? '' : 's'}`;
    }
    case 'step-failed':
      return `FAILED   ${event.step}`;
    case 'step-skipped':
      return `skipped  ${event.step}, because of ${event.because}`;
    case 'warning':
      return `warning  ${event.message}`;
    case 'run-finished':
      return `${String(event.built)} built, ${String(event.cached)} from cache, ${String(event.failed)} failed in ${formatSeconds(event.seconds)}`;
    case 'phase-started':
    case 'source-progress':
      return undefined;
  }
}

/** What a step made, or what its tests said. */
function describeResult({ files, bytes, tests }: Extract<BuildEvent, { type: 'step-finished' }>): string {
  if (tests === undefined) return `${String(files)} files, ${formatBytes(bytes)}`;
  if (tests.passed === 0) return 'passed';
  return `${String(tests.passed)} passed${tests.failed.length === 0 ? '' : `, ${String(tests.failed.length)} known failures`}`;
}
