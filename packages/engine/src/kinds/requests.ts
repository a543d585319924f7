import { mayWrite, type Plan, type RequestClass, type Target } from '@hive/contract';
import { isRead } from '../safety/reads.js';

type OpenArrivals = Extract<Plan['arrivals'], { model: 'open' }>;

/** The classes that may be sent: writes only where the target allows them. */
export function sendable({ requests, safety }: Pick<Target, 'requests' | 'safety'>): RequestClass[] {
  return requests.filter((request) => mayWrite(safety) || isRead(request));
}

/** The plain mix: every class that has a weight and may be sent. */
export function plainMix(target: Pick<Target, 'requests' | 'safety'>): RequestClass[] {
  return sendable(target).filter(({ weight }) => weight > 0);
}

/** Poisson arrivals at one rate on a target. */
export function openAt(ratePerSecond: number, target: Pick<Target, 'safety'>): OpenArrivals {
  return openIn([{ durationMs: 1, fromPerSecond: ratePerSecond, toPerSecond: ratePerSecond }], target);
}

/** Poisson arrivals in stages on a target. */
export function openIn(stages: OpenArrivals['stages'], target: Pick<Target, 'safety'>): OpenArrivals {
  return {
    model: 'open',
    arrivals: 'poisson',
    stages,
    maxConnections: target.safety.maxConnections,
    maxWaiting: 10_000,
  };
}
