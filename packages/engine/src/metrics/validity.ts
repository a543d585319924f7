import type { Counts, ErrorKind, Validity } from '@hive/contract';
import type { LostGenerator, Soundness } from '../measuring.js';

/** Above which value a check makes a result suspect, and above which invalid. Infinity: never. */
const LIMITS = {
  droppedGeneratorShare: { suspect: 0.001, invalid: 0.01 },
  /** p99 of how late sends were, ms; the larger of a floor and a share of the strictest latency objective. */
  latenessMs: { suspect: 1, invalid: 10 },
  latenessShare: { suspect: 0.02, invalid: 0.2 },
  /** Open model. A closed model that keeps its thread busy has no schedule to fall behind: it is suspect at most. */
  busy: { suspect: 0.8, invalid: 0.95 },
  eventLoopDelayMs: { suspect: 5, invalid: 20 },
  machineBusy: { suspect: 0.9, invalid: Infinity },
  machineSteal: { suspect: 0.05, invalid: Infinity },
  /** How far apart the load generators of a fleet began. */
  startSpreadMs: { suspect: 50, invalid: 250 },
  littleShare: { suspect: 0.01, invalid: 0.05 },
  clockJumpMs: { suspect: Infinity, invalid: 250 },
  localErrorShare: { suspect: 0, invalid: 0.001 },
} as const;

/** Of the strictest latency, more may be the generator's own delay. */
const DELAYED_SHARE = 0.1;

/** What the checks look at: a run without its warm-up, and where things must add up the whole of it. */
export interface ValidityFacts {
  /** Of the whole run. */
  counts: Counts;
  /** Of the part that is judged. */
  judged: Pick<Counts, 'planned' | 'droppedGenerator'>;
  errors: Partial<Record<ErrorKind, number>>;
  /** Values in the service-time and the response-time histogram. */
  recorded: { service: number; response: number };
  /** Sent and not ended at the end. Zero once the last tick is in. */
  outstanding: number;
  /** The strictest latency objective, ms; null without any. */
  strictestMs: number | null;
  /** Null: closed model, where no schedule can be missed. */
  latenessP99Ms: number | null;
  busy: number;
  /** The same in the last second of its plan. */
  busyAtEnd: number;
  eventLoopDelayP99Ms: number;
  machineBusy: number | null;
  machineSteal: number | null;
  /** Little's law: ∫N dt, and Σ service times ended + open ages at the end, request-ms. */
  little: { integralMs: number; servedMs: number };
  badDurations: number;
  /** The largest |wall − monotonic| within one tick, ms. */
  clockJumpMs: number;
  /** The generator ended the run because it could not send what was planned. */
  gaveUp: boolean;
  /** Load generators on other machines that fell silent; absent: none. */
  lost?: readonly LostGenerator[];
  startSpreadMs?: number;
}

interface Check {
  value: number;
  suspect: number;
  invalid: number;
  reason: string;
}

/** Judges the generator, never the target: one sentence for each check that was not clean. */
export function judgeValidity(facts: ValidityFacts): Validity {
  return toValidity([...sentOf(facts), ...punctualityOf(facts), ...machineOf(facts), ...bookkeepingOf(facts)]);
}

/** The same, apart by whether it counts for a run that passed. */
export function soundnessOf(facts: ValidityFacts): Soundness {
  const local = localErrors(facts);
  const delayed = Math.max(facts.latenessP99Ms ?? 0, facts.eventLoopDelayP99Ms);
  return {
    always: toValidity([...sentOf(facts), ...bookkeepingOf(facts)]),
    whenMissed: toValidity([...punctualityOf(facts), ...machineOf(facts)]),
    isDelayed: delayed > Math.max(LIMITS.latenessMs.invalid, DELAYED_SHARE * (facts.strictestMs ?? 0)),
    couldNotSend: toValidity([...sentOf(facts), local]).status === 'invalid',
    isThreadFull: facts.latenessP99Ms !== null && facts.busy > LIMITS.busy.invalid,
    isFullAtEnd: facts.latenessP99Ms !== null && facts.busyAtEnd > LIMITS.busy.invalid,
  };
}

function toValidity(checks: readonly Check[]): Validity {
  const failing = checks.filter((check) => check.value > Math.min(check.suspect, check.invalid));
  if (failing.length === 0) return { status: 'valid', reasons: [] };
  const invalid = failing.some((check) => check.value > check.invalid);
  return { status: invalid ? 'invalid' : 'suspect', reasons: failing.map((check) => check.reason) };
}

/** Whether the generator sent what was planned. */
function sentOf(facts: ValidityFacts): Check[] {
  const { judged, startSpreadMs = 0, lost = [] } = facts;
  // What a lost one may have sent or not is told beside it, and says nothing of those that went on.
  const unknown = lost.reduce((sum, { unaccounted, continued }) => sum + (continued ? unaccounted : 0), 0);
  const droppedShare = Math.max(0, judged.droppedGenerator - unknown) / Math.max(1, judged.planned - unknown);
  return [
    ...lost.map(lostInWords),
    {
      value: startSpreadMs,
      ...LIMITS.startSpreadMs,
      reason: `the load generators began up to ${ms(startSpreadMs)} apart`,
    },
    {
      value: facts.gaveUp ? 1 : 0,
      suspect: 0,
      invalid: 0,
      reason: 'the load generator gave up: it could not send the planned requests and had no idle time left',
    },
    {
      value: droppedShare,
      ...LIMITS.droppedGeneratorShare,
      reason: `${percent(droppedShare)} of the planned requests were never sent: the load generator could not keep up`,
    },
  ];
}

function lostInWords({ name, atMs, unaccounted, continued }: LostGenerator): Check {
  const seconds = (atMs / 1_000).toFixed(1);
  const others = continued ? ', and the others went on' : '';
  const rest = unaccounted === 0 ? '' : `; it may have sent up to ${unaccounted} requests that nobody counted`;
  const reason = `the load generator ${name} was lost at ${seconds} s${others}${rest}`;
  return { value: 1, suspect: 0, invalid: continued ? Infinity : 0, reason };
}

/** Whether it sent when it was planned, and came to the answers at once. */
function punctualityOf(facts: ValidityFacts): Check[] {
  const strictest = facts.strictestMs ?? 0;
  const larger = (level: 'suspect' | 'invalid'): number =>
    Math.max(LIMITS.latenessMs[level], LIMITS.latenessShare[level] * strictest);
  return [
    {
      value: facts.latenessP99Ms ?? 0,
      suspect: larger('suspect'),
      invalid: larger('invalid'),
      reason: `1 % of the requests were sent ${ms(facts.latenessP99Ms ?? 0)} late or more`,
    },
    {
      value: facts.busy,
      suspect: LIMITS.busy.suspect,
      invalid: facts.latenessP99Ms === null ? Infinity : LIMITS.busy.invalid,
      reason: `the load generator's thread was busy ${percent(facts.busy)} of the time`,
    },
    {
      value: facts.eventLoopDelayP99Ms,
      ...LIMITS.eventLoopDelayMs,
      reason: `the load generator's event loop stalled: p99 delay ${ms(facts.eventLoopDelayP99Ms)}`,
    },
  ];
}

/** Whether its machine had time for it. */
function machineOf(facts: ValidityFacts): Check[] {
  return [
    {
      value: facts.machineBusy ?? 0,
      ...LIMITS.machineBusy,
      reason: `the load generator's machine was busy ${percent(facts.machineBusy ?? 0)} of the time`,
    },
    {
      value: facts.machineSteal ?? 0,
      ...LIMITS.machineSteal,
      reason: `the hypervisor took ${percent(facts.machineSteal ?? 0)} of the load generator's CPU time`,
    },
  ];
}

/** Whether its figures can be trusted. */
function bookkeepingOf(facts: ValidityFacts): Check[] {
  const { little } = facts;
  const littleOff = Math.abs(little.integralMs - little.servedMs) / Math.max(1, little.integralMs);
  return [
    {
      value: littleOff,
      ...LIMITS.littleShare,
      reason: `the measurements contradict each other: requests in flight and service times differ by ${percent(littleOff)} (Little's law)`,
    },
    {
      value: facts.clockJumpMs,
      ...LIMITS.clockJumpMs,
      reason: `the clock jumped by ${ms(facts.clockJumpMs)}: it was set, or the machine was suspended`,
    },
    localErrors(facts),
    ...identitiesOf(facts),
  ];
}

function localErrors({ counts, errors }: ValidityFacts): Check {
  const local = Object.entries(errors).reduce((sum, [kind, n]) => sum + (kind.startsWith('local_') ? n : 0), 0);
  return {
    value: local / Math.max(1, counts.planned),
    ...LIMITS.localErrorShare,
    reason: `the load generator's own machine refused ${local} requests (${localKinds(errors)})`,
  };
}

/** Counts that must match exactly. Any difference is a bug in Hive. */
function identitiesOf(facts: ValidityFacts): Check[] {
  const { counts, recorded, outstanding } = facts;
  const ended = counts.answered + counts.failed + counts.timedOut + counts.cutOff;
  const identity = (difference: number, what: string): Check => ({
    value: Math.abs(difference),
    suspect: 0,
    invalid: 0,
    reason: `the counts do not add up: ${what} (off by ${Math.abs(difference)})`,
  });
  return [
    identity(counts.planned - counts.sent - counts.droppedTarget - counts.droppedGenerator, 'planned = sent + dropped'),
    identity(counts.sent - ended - outstanding, 'sent = answered + failed + timed out + cut off + outstanding'),
    identity(recorded.service - ended, 'service times recorded = requests ended'),
    identity(recorded.response - ended - counts.droppedTarget, 'response times recorded = requests ended or held back'),
    identity(facts.badDurations, 'no duration is negative'),
  ];
}

function localKinds(errors: ValidityFacts['errors']): string {
  return Object.keys(errors)
    .filter((kind) => kind.startsWith('local_'))
    .join(', ');
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

function ms(value: number): string {
  return `${Number(value.toPrecision(3))} ms`;
}
