import { HiveError, type Regions, type ServiceCheck, type Target } from '@hive/contract';
import { askInTurn, certificateDays, type AskedInTurn, type Clock } from '@hive/engine';
import { NO_FLEET_HINT, type LedFleet } from '../fleet/led-fleet.js';
import type { Checking } from '../targets/check-target.js';

/** Of one attempt, where a target has fewer classes of requests. */
export const REQUESTS = 5;
const LIMITS = { count: REQUESTS, eachWithinMs: 5_000, allWithinMs: 10_000 };

/** What was seen of a target from one place. */
export interface Seen {
  /** Null: from the machine that Hive runs on. */
  region: string | null;
  asked: readonly AskedInTurn[];
}

/** One attempt of a check. */
export interface Looked {
  /** At least one. */
  seen: readonly Seen[];
  /** Regions of which nobody could ask, and why. */
  unheard: readonly { region: string; reason: string }[];
  certificateDays: number | null;
}

interface From {
  checking: Checking;
  clock: Clock;
  fleet: Pick<LedFleet, 'ask'> | null;
}

/**
 * Asks a target once: from here, or from one load generator of each of its regions.
 * @throws HiveError where it cannot be asked: that says nothing about the target.
 */
export async function lookOnce(target: Target, from: From, signal: AbortSignal): Promise<Looked> {
  const { regions } = target;
  return regions === undefined ? lookFromHere(target, from, signal) : lookFrom(regions, target, from);
}

async function lookFromHere(target: Target, { checking, clock }: From, signal: AbortSignal): Promise<Looked> {
  const { outside, allowTargets, ...rest } = checking;
  const environment = await checking.environment();
  const asked = await askInTurn({ ...rest, allowTargets, environment, ask: outside.ask, ...LIMITS, target, signal });
  const days = await certificateDays(target.nodes, { allowTargets, now: clock.wall() }).catch(() => null);
  return { seen: [{ region: null, asked }], unheard: [], certificateDays: days };
}

async function lookFrom(regions: Regions, target: Target, { fleet }: From): Promise<Looked> {
  if (fleet === null)
    throw new HiveError('validation', 'regions: this Hive leads no load generators on other machines', {
      hint: NO_FLEET_HINT,
    });
  const { id, nodes, requests, insecure, identify, tls, auth } = target;
  const found = await fleet.ask(regions, { ...LIMITS, target: { id, nodes, requests, insecure, identify, tls, auth } });
  const heard = found.flatMap((one) => ('asked' in one ? [one] : []));
  const errors = found.flatMap((one) => ('error' in one ? [one] : []));
  if (heard.length === 0) throw errors[0]?.error ?? new HiveError('fleet_unreachable', 'no load generator is there');
  const days = heard.flatMap((one) => one.certificateDays ?? []);
  return {
    seen: heard.map(({ region, asked }) => ({ region, asked })),
    unheard: errors.map(({ region, error }) => ({ region, reason: error.message })),
    certificateDays: days.length === 0 ? null : Math.min(...days),
  };
}

/** The median and the slowest of what was answered, ms. */
export function timesOf(asked: readonly AskedInTurn[]): Pick<ServiceCheck, 'medianMs' | 'slowestMs'> {
  const ms = asked.flatMap((one) => (one.ms === null ? [] : [one.ms])).toSorted((a, b) => a - b);
  return { medianMs: ms[Math.floor(ms.length / 2)] ?? null, slowestMs: ms.at(-1) ?? null };
}

/** What each region saw; empty where the machine asked that Hive runs on. */
export function byRegion({ seen, unheard }: Looked): Pick<ServiceCheck, 'byRegion'> {
  const heard = seen.flatMap(({ region, asked }) => (region === null ? [] : [{ region, asked }]));
  if (heard.length === 0) return {};
  const shown = heard.map(({ region, asked }) => {
    const good = asked.filter((one) => one.good).length;
    return [region, { asked: asked.length, good, ...timesOf(asked) }] as const;
  });
  const silent = unheard.map(({ region, reason }) => {
    return [region, { asked: 0, good: 0, medianMs: null, slowestMs: null, reason }] as const;
  });
  return { byRegion: Object.fromEntries([...shown, ...silent].toSorted(([a], [b]) => a.localeCompare(b))) };
}
