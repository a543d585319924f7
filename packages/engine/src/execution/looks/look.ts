import type { Evidence, Plan } from '@hive/contract';
import { shareByMean } from '../../judging/shares.js';
import type { Tick, TickPart } from '../../measuring.js';
import { mergeLatency, quantileMs } from '../../metrics/collector.js';
import type { OrderRun } from '../ticks.js';

export type ChirpEvidence = Extract<Evidence, { type: 'chirp' }>;

/** A first look at a target: it shows where to begin, and stops as soon as it has. */
export interface Look {
  /** Runs the load. Its ticks are those of one run, and `gather` has each before it is seen. */
  ticks(run: OrderRun, gather: { add(tick: Tick): void }): AsyncGenerator<Tick, void>;
  /** `meanMs`: mean response time of what ended in the tick. */
  add(tick: Tick, meanMs: number): void;
  /** What it found, in words; null: it goes on, or found nothing. */
  found(unit: string): string | null;
  evidence(): ChirpEvidence;
}

/** What a clause of the objectives is counted by: a threshold's index, the mean that it allows, or what was lost. */
export type ChirpCounter = {
  of: 'response' | 'firstByte';
  /** Index of the request class whose requests are counted; null: all. */
  group: number | null;
} & ({ threshold: number } | { meanMs: number } | { errors: true });

const ERRORS: ChirpCounter = { of: 'response', group: null, errors: true };

/** By what each of a look's shares is counted. Clauses of the worst node follow those of all nodes: under a look they break alike. */
export function countersOf(
  { shares }: NonNullable<Plan['chirp']>,
  counters: readonly ChirpCounter[],
): readonly ChirpCounter[] {
  return shares.map((_, j) => counters[j % counters.length] ?? ERRORS);
}

/** What came to its end in a part of a tick, and what of that was no good answer. */
export function endsOf({ counts }: TickPart): { ended: number; lost: number } {
  const ended = counts.answered + counts.failed + counts.timedOut + counts.droppedTarget;
  return { ended, lost: ended - counts.good };
}

/** Adds to `bad` what broke each clause. */
export function addBad(
  bad: number[],
  { clauses, part, meanMs }: { clauses: readonly ChirpCounter[]; part: TickPart; meanMs: number },
): void {
  const { ended, lost } = endsOf(part);
  for (const [j, counter] of clauses.entries()) {
    const isPlain = counter.group === null && counter.of === 'response';
    const group = counter.group === null ? null : part.groups?.[counter.group];
    if (group === undefined || group?.planned === 0) continue;
    // What is bad of a class is told as that share of all.
    const times = group === null ? 1 : part.counts.planned / group.planned;
    if ('errors' in counter) bad[j]! += (group?.failed ?? lost) * times;
    else if ('meanMs' in counter)
      bad[j]! += ended * shareByMean(isPlain ? meanMs : meanOf(timesOf(part, counter)), counter.meanMs);
    else bad[j]! += ((group ?? part).bad[counter.threshold] ?? 0) * times;
  }
}

const meanOf = (times: Uint8Array | null): number => mergeLatency(times === null ? [] : [times]).mean;

/** Encoded times of what a counter is about; null: nothing was measured. */
export function timesOf(part: TickPart, { of, group }: ChirpCounter): Uint8Array | null {
  const from = group === null ? part : part.groups?.[group];
  return (of === 'firstByte' ? from?.firstByte : from?.responseTime) ?? null;
}

/** Response time at the quantile that a clause's share leaves, or the mean, of a calm time, ms; null: not known. */
export function calmTimeMs(calm: Uint8Array | null, counter: ChirpCounter, share: number): number | null {
  if (calm === null || 'errors' in counter) return null;
  return 'meanMs' in counter ? mergeLatency([calm]).mean : quantileMs(calm, 1 - share);
}
