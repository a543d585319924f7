import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { tls } from '../built-in.js';
import { createRun } from '../load/run.js';
import type { Tick } from '../measuring.js';
import { createRecorder } from '../metrics/recorder.js';
import { createSelfWatch } from '../metrics/self-watch.js';
import type { FromWorker, StartOrder, ToWorker } from './worker-messages.js';

// This thread loads nothing at run time but what it needs to send: no schemas, no address rules.

/** How often time-outs, the plan's end and the tick are looked after. */
const STEP_MS = 10;

if (!parentPort) throw new Error('worker.ts runs in a worker thread only');
const port = parentPort;
const send = (message: FromWorker): void => port.postMessage(message, []);
const aborts = new Map<number, () => void>();

port.on('message', (message: ToWorker) => {
  if (message.type === 'abort') {
    aborts.get(message.id)?.();
    return;
  }
  try {
    runOrder(message);
  } catch (error) {
    send({ type: 'failed', id: message.id, reason: String(error) });
  }
});
send({ type: 'ready' });

/** Runs one thread's share of an order from its start to its last tick. */
function runOrder({ id, order, nodes, messages, share, startAtNs }: StartOrder): void {
  // Before the first send is due, which would wait for it.
  if (nodes.some(({ tlsName }) => tlsName !== null)) tls();
  const startAtMs = performance.now() + Number(startAtNs - process.hrtime.bigint()) / 1e6;
  const now = (): number => performance.now() - startAtMs;
  const awakeMs = (): number => performance.eventLoopUtilization().active;
  const recorder = createRecorder(
    order,
    nodes.map((node) => node.id),
  );
  const run = createRun({ order, nodes, messages, share, recorder, now, awakeMs });
  const { loop } = run;
  let stepping: NodeJS.Timeout | undefined;
  let watch: ReturnType<typeof createSelfWatch> | undefined;
  let fromMs = 0;
  let nextTickMs = order.tickMs;

  const starting = setTimeout(start, Math.max(0, -now()));
  aborts.set(id, () => {
    // An order that has not begun yet ends as one that began and was aborted at once.
    if (watch === undefined) start();
    run.abort(now(), 'aborted');
    step();
  });

  function start(): void {
    clearTimeout(starting);
    watch = createSelfWatch({ machine: share.index === 0 });
    run.start();
    stepping = setInterval(step, STEP_MS);
  }

  function step(): void {
    const nowMs = now();
    run.step(nowMs);
    if (run.state() !== 'ended' && nowMs < nextTickMs) return;
    // A late tick does not make the following ones late: they stay on their grid.
    nextTickMs = (Math.floor(nowMs / order.tickMs) + 1) * order.tickMs;
    send({ type: 'tick', id, tick: takeTick(nowMs) });
    if (run.state() !== 'ended') return;
    clearInterval(stepping);
    watch?.close();
    aborts.delete(id);
  }

  function takeTick(nowMs: number): Tick {
    const own = watch as ReturnType<typeof createSelfWatch>;
    const toMs = Math.max(nowMs, fromMs);
    const phase = run.state() !== 'running' ? 'grace' : nowMs < order.warmupMs ? 'warmup' : 'judged';
    const { parts, phases, outstanding, ...measured } = recorder.take({ fromMs, toMs, plannedToMs: run.plannedToMs() });
    const endedEarly = run.endedEarly();
    const last = run.state() === 'ended';
    const tick: Tick = {
      fromMs,
      toMs,
      phase,
      parts,
      phases,
      connections: loop.traffic.connections,
      peakConnections: loop.traffic.peakConnections,
      outstanding,
      waiting: loop.waiting(),
      health: { ...measured, ...own.take(loop.spinMs()) },
      last,
      ...(last && endedEarly !== undefined ? { endedEarly } : {}),
    };
    fromMs = toMs;
    if (phase === 'warmup') own.forgive();
    return tick;
  }
}
