import { HiveError } from '@hive/contract';
import { createMessages } from '../http1/messages.js';
import { resolveNodes } from '../http1/nodes.js';
import { partOf, UNDIVIDED } from '../load/split.js';
import type { Load, LoadOrder, Tick } from '../measuring.js';
import { joinThreads } from '../metrics/merge.js';
import { startLoadThread, type LoadThread } from './load-thread.js';
import { TickQueue } from './tick-queue.js';

/** From the order to the first send, so that every thread has prepared its share by then. */
const LEAD_MS = 15;
/** A thread that has not ended this long after an abort is taken for stuck and killed. */
const ABORT_LIMIT_MS = 450;

/** An order that is ready to begin: its names are resolved, and its threads wait. */
export interface PreparedLoad {
  /** Begins at a moment of this process's monotonic clock (`process.hrtime`), ns; at once where that has passed. */
  start(startAtNs: bigint, signal: AbortSignal): AsyncIterable<Tick>;
}

/** A load generator that can make ready before it begins. */
export interface ThreadLoad extends Load {
  /** @throws HiveError as `run`. */
  prepare(order: LoadOrder): Promise<PreparedLoad>;
}

/**
 * A load generator in worker threads of this process. Threads start with the first order and are kept for the next ones; one order runs
 * at a time for each thread, several orders may overlap.
 */
export function createThreadLoad(options: { threads?: number } = {}): ThreadLoad {
  const wanted = Math.max(1, Math.floor(options.threads ?? 1));
  let threads: LoadThread[] = [];
  let nextId = 1;
  let closed = false;

  function takeThreads(count: number): LoadThread[] {
    threads = threads.filter((thread) => !thread.dead);
    while (threads.length < count) threads.push(startLoadThread());
    return threads.slice(0, count);
  }

  async function* run(order: LoadOrder, signal: AbortSignal): AsyncGenerator<Tick> {
    const { start } = await prepare(order);
    yield* start(process.hrtime.bigint() + BigInt(LEAD_MS * 1e6), signal);
  }

  async function prepare(order: LoadOrder): Promise<PreparedLoad> {
    if (closed) throw new HiveError('internal', 'this load generator was closed');
    const nodes = await resolveNodes(order);
    const messages = createMessages(order, nodes);
    const team = takeThreads(Math.min(wanted, connectionsOf(order)));
    await Promise.all(team.map((thread) => thread.ready));
    return {
      start: (startAtNs, signal) => start({ id: nextId++, order, nodes, messages, startAtNs }, { team, signal }),
    };
  }

  async function* start(
    what: Omit<Parameters<LoadThread['start']>[0], 'share'>,
    { team, signal }: { team: readonly LoadThread[]; signal: AbortSignal },
  ): AsyncGenerator<Tick> {
    const { id } = what;
    const queue = new TickQueue();
    const joiner = createJoiner(team.length, (tick) => queue.push(tick));
    for (const [index, thread] of team.entries()) {
      thread.start(
        { ...what, share: { index, of: team.length } },
        { tick: (tick) => joiner.add(index, tick), failed: (error) => queue.fail(error) },
      );
    }
    let killing: NodeJS.Timeout | undefined;
    const abort = (): void => {
      for (const thread of team) thread.abort(id);
      killing ??= setTimeout(() => {
        for (const thread of team) void thread.close();
      }, ABORT_LIMIT_MS);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    let done = false;
    try {
      while (!done) {
        const tick = await queue.next();
        done = tick.last;
        if (done) clearTimeout(killing);
        yield tick;
      }
    } finally {
      signal.removeEventListener('abort', abort);
      clearTimeout(killing);
      // The reader left, or one thread failed: the others must not go on sending.
      if (!done) for (const thread of team) thread.abort(id);
    }
  }

  return {
    run,
    prepare,
    async close() {
      closed = true;
      await Promise.all(threads.map((thread) => thread.close()));
      threads = [];
    },
  };
}

/** Puts the ticks of several threads for the same interval together, in order. */
function createJoiner(threads: number, emit: (tick: Tick) => void): { add(thread: number, tick: Tick): void } {
  const queues: Tick[][] = Array.from({ length: threads }, () => []);
  const ended = new Set<number>();
  return {
    add(thread, tick) {
      queues[thread]!.push(tick);
      for (;;) {
        const waited = queues.filter((queue, index) => queue.length > 0 || !ended.has(index));
        if (waited.length === 0 || waited.some((queue) => queue.length === 0)) return;
        const heads = waited.map((queue) => queue.shift() as Tick);
        for (const [index, queue] of queues.entries())
          if (waited.includes(queue) && heads[waited.indexOf(queue)]!.last) ended.add(index);
        const last = ended.size === threads;
        emit({ ...joinThreads(heads, threads), last });
      }
    },
  };
}

function connectionsOf({ arrivals, split = UNDIVIDED }: LoadOrder): number {
  const whole = arrivals.model === 'closed' ? arrivals.connections : arrivals.maxConnections;
  return Math.max(1, partOf(whole, split, 1));
}
