import { cpus, hostname } from 'node:os';
import { SHAPES, type Ceiling, type Shape } from '@hive/contract';
import { figure } from '../figure.js';
import type { Load, LoadOrder } from '../measuring.js';
import { startAnswering, type Answering } from './answering.js';
import { latenessOf } from './lateness-of.js';
import { tryOut, WARMUP, type Trial } from './trial.js';

/** For each sending thread: enough that it never waits for an answer. */
const CONNECTIONS = 64;
/** The open model is tried at these shares of what the closed one reached, until one is sent without a fault. */
const SHARES = [0.9, 0.8, 0.65, 0.45, 0.25, 0.1];
/** How much shorter open trials are than closed ones: there may be several. */
const OPEN_LENGTH = 0.4;
/** Of a trial's length, what its threads need around it: to begin, to warm up, to drain. */
const AROUND = 1.5;
/** The whole measurement takes at most this many trials. */
const MOST_TRIALS = 18;
/** A sending thread that is less busy was held back by something else. */
const FULL = 0.9;
const TIMER_RATES = [200, 2_000];

export interface DoctorOptions {
  load: Load;
  /** Threads of the load, for the record. */
  threads: number;
  /** How long a closed trial lasts. All of it takes at most 18 times as long. */
  trialMs: number;
  signal: AbortSignal;
  /** Receives progress in words. */
  progress(text: string): void;
  /** Now, on the wall, ms since 1970. */
  wall(): number;
}

/** What is being measured, and until when (`performance.now()`). */
interface Cell {
  shape: Shape;
  answering: Answering;
  options: DoctorOptions;
  deadlineMs: number;
}

/**
 * Measures what this machine can send, against an answering side of its own on loopback. A shape of which no rate was sent without a fault
 * of the generator is left out. On abort it ends within half a second with what it has.
 * @throws HiveError `internal` when the answering side cannot begin.
 */
export async function measureCeiling(options: DoctorOptions): Promise<Ceiling> {
  const { threads, trialMs } = options;
  const endMs = performance.now() + MOST_TRIALS * trialMs;
  const answering = await startAnswering(Math.max(1, Math.min(cpus().length - threads, 2 * threads)));
  try {
    const timers: Ceiling['timers'] = [];
    for (const ratePerSecond of TIMER_RATES) {
      if (options.signal.aborted) break;
      options.progress(`measuring how late requests are sent at ${figure(ratePerSecond)} requests/s`);
      const timer = await punctuality(ratePerSecond, { shape: 'plain', answering, options, deadlineMs: endMs });
      if (timer !== null) timers.push(timer);
    }
    const shapes: Ceiling['shapes'] = [];
    for (const [index, shape] of SHAPES.entries()) {
      if (options.signal.aborted) break;
      options.progress(`measuring how many ${IN_WORDS[shape]} this machine can send`);
      const nowMs = performance.now();
      const deadlineMs = nowMs + (endMs - nowMs) / (SHAPES.length - index);
      const found = await ceilingOf({ shape, answering, options, deadlineMs });
      if (typeof found !== 'string') shapes.push(found);
      else if (!options.signal.aborted) options.progress(`no result for ${IN_WORDS[shape]}: ${found}`);
    }
    return {
      version: 1,
      measuredAt: new Date(options.wall()).toISOString(),
      machine: machine(),
      threads,
      shapes,
      timers,
    };
  } finally {
    await answering.close();
  }
}

const IN_WORDS: Readonly<Record<Shape, string>> = {
  plain: 'plain requests',
  tls: 'requests over TLS',
  body: 'requests with 64 KiB answers',
  connections: 'requests on new connections',
};

function machine(): Ceiling['machine'] {
  const all = cpus();
  const cpu = all[0]?.model.trim() || 'unknown';
  return { host: hostname(), cpu, cores: Math.max(1, all.length), node: process.versions.node };
}

/** The highest rate that was really sent without a fault, or in words why there was none. */
async function ceilingOf(cell: Cell): Promise<Ceiling['shapes'][number] | string> {
  const { threads, trialMs, signal } = cell.options;
  const closed = await trial(cell, { model: 'closed', connections: CONNECTIONS * threads, thinkMs: 0 }, trialMs);
  if (closed.cpuMicrosPerRequest === null || closed.perSecond <= 0) return 'no request was answered';
  const lengthMs = OPEN_LENGTH * trialMs;
  let fault = 'no time was left';
  for (const share of SHARES) {
    if (signal.aborted || performance.now() + AROUND * lengthMs > cell.deadlineMs) break;
    const ratePerSecond = share * closed.perSecond;
    const open = await trial(cell, openAt(ratePerSecond, lengthMs, threads), lengthMs);
    if (open.fault === null && !signal.aborted)
      return {
        shape: cell.shape,
        ratePerSecond,
        atLeast: closed.busy < FULL,
        cpuMicrosPerRequest: closed.cpuMicrosPerRequest,
      };
    fault = `${figure(ratePerSecond)} requests/s already failed (${open.fault})`;
  }
  return fault;
}

async function punctuality(ratePerSecond: number, cell: Cell): Promise<Ceiling['timers'][number] | null> {
  const { threads, trialMs, signal } = cell.options;
  const { ticks } = await trial(cell, openAt(ratePerSecond, trialMs, threads), trialMs);
  return signal.aborted ? null : { ratePerSecond, ...latenessOf(ticks) };
}

function trial(cell: Cell, arrivals: LoadOrder['arrivals'], lengthMs: number): Promise<Trial> {
  const { shape, answering, options } = cell;
  const { load, threads, signal } = options;
  return tryOut({ arrivals, lengthMs, shape, answering, load, threads, signal });
}

/** The rate is come to in a ramp: TLS connections opened all at once would cost more than the requests that are to be measured. */
function openAt(ratePerSecond: number, lengthMs: number, threads: number): LoadOrder['arrivals'] {
  const ramp = { durationMs: WARMUP * lengthMs, fromPerSecond: ratePerSecond / 50, toPerSecond: ratePerSecond };
  return {
    model: 'open',
    arrivals: 'poisson',
    stages: [ramp],
    maxConnections: CONNECTIONS * threads,
    maxWaiting: 10_000,
  };
}
