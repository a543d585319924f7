import { partOf, spend, spentOf, type SharedAllowance, type Split, type Tick } from '@hive/engine';
import type { WireOrder } from '../wire/messages.js';

/**
 * What a session may still send, shared out: each load generator gets its part, and none can exceed it. What was shared out and not used by one
 * is not passed on to another during the run.
 */
export function shareOut(allowance: SharedAllowance, split: Split): NonNullable<WireOrder['allowed']> {
  const { requests, bad } = spentOf(allowance);
  const left = (most: number | null, spent: number): number | null =>
    most === null ? null : partOf(Math.max(0, most - spent), split);
  return {
    maxRequests: left(allowance.maxRequests, requests),
    maxBadRequests: left(allowance.maxBadRequests, bad),
  };
}

/** Counts what load generators sent against what the session may send. */
export function spendOn(allowance: SharedAllowance, { parts }: Tick): void {
  for (const { counts } of parts) {
    const bad = counts.answered - counts.good + counts.failed + counts.timedOut;
    spend(allowance, { requests: counts.sent, bad });
  }
}
