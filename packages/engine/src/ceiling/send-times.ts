import { setTimeout as sleep } from 'node:timers/promises';
import { nodeName } from '@hive/contract';
import { createMessages } from '../http1/messages.js';
import { resolveNodes } from '../http1/nodes.js';
import { createRun } from '../load/run.js';
import type { LoadOrder } from '../measuring.js';
import { createRecorder } from '../metrics/recorder.js';

const STEP_MS = 10;

/** When requests were meant to be sent, and when they were, ms since the run's start, in the order of sending. */
export interface SendTimes {
  intendedMs: number[];
  sentMs: number[];
}

/**
 * Runs an order on this thread, and says of each request after the warm-up when it was meant to be sent and when it was: for benchmarks of how
 * punctual sends are. A run keeps histograms of that, from which the gaps between sends cannot be told.
 * @throws HiveError `refused_by_safety` before anything is dialed.
 */
export async function sendTimes(order: LoadOrder): Promise<SendTimes> {
  const nodes = await resolveNodes(order);
  const recorder = createRecorder(order, order.nodes.map(nodeName));
  const times: SendTimes = { intendedMs: [], sentMs: [] };
  const startedMs = performance.now();
  const now = (): number => performance.now() - startedMs;
  const run = createRun({
    order,
    nodes,
    messages: createMessages(order, nodes),
    share: { index: 0, of: 1 },
    recorder: {
      ...recorder,
      begun(exchange) {
        if (exchange.intendedMs >= order.warmupMs) {
          times.intendedMs.push(exchange.intendedMs);
          times.sentMs.push(exchange.startMs);
        }
        recorder.begun(exchange);
      },
    },
    now,
    awakeMs: () => performance.eventLoopUtilization().active,
  });
  run.start();
  while (run.state() !== 'ended') {
    await sleep(STEP_MS);
    run.step(now());
  }
  return times;
}
