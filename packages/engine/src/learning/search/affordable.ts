import type { Price } from './price.js';

/** A kind with its place and its price. */
export interface Priced extends Pick<Price, 'seconds' | 'leastSeconds'> {
  /** When time is short, lower numbers are kept first. */
  budgetPlace: number;
}

/** In the order of their places. */
export function byPlace<One extends Priced>(priced: readonly One[]): One[] {
  return priced.toSorted((a, b) => a.budgetPlace - b.budgetPlace);
}

/** What fits into a session, by their places: what usually takes no longer than is left; the first is always kept. */
export function affordable<One extends Priced>(priced: readonly One[], budgetSeconds: number): One[] {
  return fill(byPlace(priced), { leftSeconds: budgetSeconds, need: ({ seconds }) => seconds, keepFirst: true });
}

/** What more fits into the time that others did not need: less than usual is better than nothing. */
export function affordableNow<One extends Priced>(leftOut: readonly One[], leftSeconds: number): One[] {
  return fill(byPlace(leftOut), { leftSeconds, need: ({ leastSeconds }) => leastSeconds, keepFirst: false });
}

function fill<One extends Priced>(
  ordered: readonly One[],
  { leftSeconds, need, keepFirst }: { leftSeconds: number; need: (one: One) => number; keepFirst: boolean },
): One[] {
  const kept: One[] = [];
  let left = leftSeconds;
  for (const one of ordered) {
    if (need(one) > left && !(keepFirst && kept.length === 0)) continue;
    kept.push(one);
    left -= one.seconds;
  }
  return kept;
}
