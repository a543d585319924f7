import type { LoadGenerator } from '@hive/contract';
import type { Present } from './presence.js';

/** An invitation that nobody took up is forgotten so long after it ended. */
const FORGET_MS = 86_400_000;

/** Load generators as people see them, by region and name. Revoked ones and old invitations are no part of the fleet any more. */
export function shownGenerators(all: readonly Present[]): LoadGenerator[] {
  return all
    .filter(isWorthShowing)
    .map(shown)
    .toSorted((a, b) => (a.region ?? '').localeCompare(b.region ?? '') || a.name.localeCompare(b.name));
}

function isWorthShowing({ member }: Present): boolean {
  if (member.revoked) return false;
  return member.publicKey !== null || member.untilMs > Date.now() - FORGET_MS;
}

function shown({ member, state, hello, worstTripMs }: Present): LoadGenerator {
  const { name, region, publicKey, untilMs } = member;
  return {
    name,
    region,
    state,
    joined: publicKey !== null,
    invitedUntil: publicKey === null ? new Date(untilMs).toISOString() : null,
    version: hello?.version ?? null,
    threads: hello?.threads ?? null,
    roundTripMs: hello === null ? null : worstTripMs,
  };
}
