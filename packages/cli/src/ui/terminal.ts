import type { BuildEvent } from '@xlfs/core';
import { createLogUpdate } from 'log-update';
import { formatBytes, formatSeconds } from './format.ts';
import { plainLine } from './plain.ts';
import type { EventReader } from './reader.ts';

const REPAINT_MS = 200;
const BAR_WIDTH = 30;

interface Running {
  readonly since: number;
  readonly estimateSeconds: number;
  phase: string;
}

/** On a terminal: what is finished scrolls by, what is running stays at the bottom with its time, over a bar with the time left. */
export function terminalReader(stream: NodeJS.WriteStream = process.stdout): EventReader {
  const display = createLogUpdate(stream);
  const running = new Map<string, Running>();
  const fetching = new Map<string, { bytes: number; total: number | undefined }>();
  let steps = 0;
  let finished = 0;
  let estimateSeconds = 0;
  let begun = Date.now();
  let timer: NodeJS.Timeout | undefined;

  const paint = (): void => {
    const now = Date.now();
    const lines = [...running].map(([step, { since, phase, estimateSeconds: estimate }]) => {
      const seconds = (now - since) / 1000;
      return `  ${step.padEnd(20)} ${phase.padEnd(12)} ${formatSeconds(seconds)} of about ${formatSeconds(Math.max(estimate, seconds))}`;
    });
    for (const [source, { bytes, total }] of fetching) {
      lines.push(
        `  ${source.padEnd(20)} fetching     ${formatBytes(bytes)}${total === undefined ? '' : ` of ${formatBytes(total)}`}`,
      );
    }
    const left = Math.max(0, estimateSeconds - (now - begun) / 1000);
    const share = steps === 0 ? 0 : finished / steps;
    const bar = '█'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '░');
    lines.push(`${bar} ${String(finished)}/${String(steps)} steps, ${formatSeconds(left)} left`);
    display(lines.join('\n'));
  };

  const follow = (event: BuildEvent): void => {
    switch (event.type) {
      case 'run-started':
        [steps, finished, estimateSeconds, begun] = [event.steps, event.cached, event.estimateSeconds, Date.now()];
        timer = setInterval(paint, REPAINT_MS).unref();
        break;
      case 'source-progress':
        fetching.set(event.source, event);
        break;
      case 'source-ready':
        fetching.delete(event.source);
        break;
      case 'step-started':
        running.set(event.step, { since: Date.now(), estimateSeconds: event.estimateSeconds, phase: '' });
        break;
      case 'phase-started': {
        const step = running.get(event.step);
        if (step !== undefined) step.phase = event.phase;
        break;
      }
      case 'step-finished':
      case 'step-cached':
        finished++;
        running.delete(event.step);
        break;
      case 'step-failed':
        running.delete(event.step);
        break;
      default:
    }
  };

  const close = (): void => {
    clearInterval(timer);
    display.clear();
  };

  return {
    onEvent: (event) => {
      follow(event);
      const line = event.type === 'step-started' ? undefined : plainLine(event);
      if (line !== undefined) {
        display.clear();
        stream.write(`${line}\n`);
      }
      if (event.type === 'run-finished') close();
      else if (timer !== undefined) paint();
    },
    close,
  };
}
