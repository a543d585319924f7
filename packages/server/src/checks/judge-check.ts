import { allowedShare, parseObjective, type CheckResult, type ServiceCheck } from '@hive/contract';
import type { AskedInTurn } from '@hive/engine';
import type { Seen } from './looking.js';

/** Chosen so that 9 slow requests of 300, which chance alone gives 15 times a month where 1 % may be slow, open nothing: see docs/schedules.md. */
const SLOW_TIMES = 4;
export const SLOW_OVER_REQUESTS = 300;
const WARN_DAYS = 21;
const DOWN_SHARE = 0.6;

type Missed = ServiceCheck['objectives'];

/** Whether this attempt found the target down: 3 of 5 requests had no acceptable answer. */
export function isDown(asked: readonly AskedInTurn[]): boolean {
  const bad = asked.filter(({ good }) => !good).length;
  return asked.length > 0 && bad >= Math.ceil(asked.length * DOWN_SHARE);
}

/** Whether most of the places it was asked from found it down. */
export function isDownFrom(seen: readonly Seen[]): boolean {
  return 2 * seen.filter(({ asked }) => isDown(asked)).length > seen.length;
}

/** For each objective that counts requests, how many of these missed it. What was not answered missed it too. */
export function missesOf(asked: readonly AskedInTurn[], objectives: readonly string[]): Missed {
  return objectives.flatMap((expression) => {
    const objective = parseObjective(expression);
    if (objective.type === 'errors')
      return [{ expression, asked: asked.length, missed: asked.filter(({ good }) => !good).length }];
    if (objective.type !== 'percentile') return [];
    const missed = asked.filter(({ ms }) => ms === null || ms > objective.latencyMs).length;
    return [{ expression, asked: asked.length, missed }];
  });
}

/**
 * The objective that was missed {@link SLOW_TIMES} times more often than it allows, over the last {@link SLOW_OVER_REQUESTS} checked requests;
 * null: none was. `before`: what earlier checks missed, the newest first. While fewer were checked, as many must have missed it.
 */
export function slowBy(now: Missed, before: readonly Missed[]): { expression: string; missed: number } | null {
  for (const { expression } of now) {
    const allowed = allowedShare(parseObjective(expression));
    if (allowed === null || allowed * SLOW_TIMES >= 1) continue;
    let asked = 0;
    let missed = 0;
    for (const check of [now, ...before]) {
      const counted = check.find((one) => one.expression === expression);
      if (counted === undefined || asked >= SLOW_OVER_REQUESTS) continue;
      asked += counted.asked;
      missed += counted.missed;
    }
    // Rounded: 4 × 0.01 × 300 is not 12 in binary.
    const most = Math.max(1, Math.ceil(Number((allowed * SLOW_TIMES * SLOW_OVER_REQUESTS).toPrecision(12))));
    if (missed >= most) return { expression, missed };
  }
  return null;
}

/** What went wrong, by node and request, the most frequent first. */
export function problemsOf(seen: readonly Seen[]): NonNullable<ServiceCheck['problems']> {
  const counted = new Map<string, NonNullable<ServiceCheck['problems']>[number]>();
  const all = seen.flatMap(({ region, asked }) => asked.map((one) => ({ ...one, region })));
  for (const { node, request, problem, good, region } of all) {
    if (good) continue;
    const key = JSON.stringify([node, request, problem, region]);
    const from = region === null ? {} : { region };
    const known = counted.get(key) ?? { node, request, problem: problem ?? 'no answer', count: 0, ...from };
    counted.set(key, { ...known, count: known.count + 1 });
  }
  return [...counted.values()].toSorted((a, b) => b.count - a.count);
}

/** What a check comes to. */
export function judgeCheck(seen: {
  seen: readonly Seen[];
  loaded: boolean;
  slow: { expression: string; missed: number } | null;
  certificateDays: number | null;
}): { result: CheckResult; reason: string | null } {
  const { seen: places, loaded, slow, certificateDays: days } = seen;
  const down = places.filter(({ asked }) => isDown(asked));
  if (loaded) return { result: 'under_load', reason: 'Hive loads this target, or one that shares a node with it' };
  if (places.every(({ asked }) => asked.length === 0))
    return { result: 'invalid', reason: 'no request of this target only reads' };
  if (isDownFrom(places)) return { result: 'fail', reason: failureFrom(down) };
  if (days !== null && days < 0) return { result: 'degraded', reason: 'its certificate has ended' };
  if (down.length > 0) {
    const reason = `${failureFrom(down)}; it answers ${places.length - down.length} of ${places.length} regions`;
    return { result: 'degraded', reason };
  }
  if (slow !== null) {
    const reason = `${slow.missed} of the last ${SLOW_OVER_REQUESTS} checked requests missed ${slow.expression}`;
    return { result: 'degraded', reason };
  }
  if (days !== null && days <= WARN_DAYS) return { result: 'degraded', reason: `its certificate ends in ${days} days` };
  return { result: 'pass', reason: null };
}

/** `from eu: 3 of 5 requests failed: …`, of the places that found it down. */
function failureFrom(down: readonly Seen[]): string {
  const failure = failureOf(down.flatMap(({ asked }) => asked));
  const regions = down.flatMap(({ region }) => region ?? []);
  return regions.length === 0 ? failure : `from ${regions.join(', ')}: ${failure}`;
}

/** `3 of 5 requests failed: the connection was refused (http://…)`, of the most frequent problem. */
function failureOf(asked: readonly AskedInTurn[]): string {
  const bad = asked.filter(({ good }) => !good);
  const texts = bad.map(({ problem, node }) => `${problem ?? 'no answer'} (${node})`);
  const count = (text: string): number => texts.filter((one) => one === text).length;
  const worst = texts.toSorted((a, b) => count(b) - count(a))[0] ?? '';
  return `${bad.length} of ${asked.length} requests failed: ${worst}`;
}
