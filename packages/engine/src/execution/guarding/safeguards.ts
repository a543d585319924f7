import { boundsOf, isWithin, momentIn, nextChange, parseHours, type SafetyEnd, type Target } from '@hive/contract';
import { newAllowance, spentOf, whatIsSpent, type SharedAllowance } from '../../allowance.js';
import type { Clock } from '../../clock.js';
import { figure } from '../../figure.js';
import type { Environment } from '../../safety/secrets.js';
import { openAuthorization, type Authorization } from './authorization.js';
import { openGuard } from '../../watching/guard.js';

/** A guard is asked this often … */
const ASK_EVERY_MS = 2_000;
/** … and ends the session after this many bad answers in a row: one may be a slip. */
const BAD_ANSWERS = 2;

/** What watches over a session on behalf of its target, and may end it. */
export interface Safeguards {
  /** Aborted when the session must end, or by whoever stops it. */
  signal: AbortSignal;
  /** What the session may still send; absent: anything. */
  allowance?: SharedAllowance;
  /** The tokens of a target that wants a login; absent: it wants none. */
  authorization?: Authorization;
  /** Ends the session if it has sent all that it may. */
  look(): void;
  /** What ended the session, and why, in one sentence; null: nothing did. */
  tripped(): { code: SafetyEnd; reason: string } | null;
  /** Watches no longer. */
  close(): Promise<void>;
}

interface Watched {
  target: Target;
  clock: Clock;
  /** Whoever stops the session. */
  signal: AbortSignal;
  allowTargets: readonly string[];
  /** Where `${NAME}` gets its value. */
  environment?: Environment | undefined;
  sessionId?: string | undefined;
  /** What the session began with; absent: its target's caps. */
  allowance?: SharedAllowance | null | undefined;
}

type End = (code: SafetyEnd, reason: string) => void;

/** Begins to watch over a session: its hours, its guards, and how much it sends. */
export function openSafeguards(options: Watched): Safeguards {
  const { target } = options;
  const bounds = boundsOf(target);
  const allowance = options.allowance === undefined ? newAllowance(bounds) : options.allowance;
  const trip = new AbortController();
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, trip.signal]);
  const until = AbortSignal.any([signal, closing.signal]);
  let tripped: ReturnType<Safeguards['tripped']> = null;
  const end: End = (code, reason) => {
    if (signal.aborted) return;
    tripped = { code, reason };
    trip.abort();
  };
  const authorization = openAuthorization({ ...options, signal });
  const watching = [
    ...(bounds.hours.length > 0 ? [watchHours(bounds.hours, { ...options, until, end })] : []),
    ...(bounds.guards.length > 0 ? [watchGuards({ ...options, until, end })] : []),
  ];
  return {
    signal,
    ...(allowance === null ? {} : { allowance }),
    ...(authorization === null ? {} : { authorization }),
    look() {
      if (allowance === null) return;
      const spent = whatIsSpent(allowance);
      if (spent !== null) end(spent, spentInWords(target, allowance));
    },
    tripped: () => tripped,
    async close() {
      closing.abort();
      await Promise.all([...watching, authorization?.close()]);
    },
  };
}

function spentInWords({ id }: Target, allowance: SharedAllowance): string {
  const { maxRequests, maxBadRequests } = allowance;
  const { bad } = spentOf(allowance);
  return maxBadRequests !== null && bad >= maxBadRequests
    ? `${figure(bad)} requests got an error or no answer, as many as safety.maxBadRequests of ${id} allows`
    : `${figure(maxRequests ?? 0)} requests were sent, as many as safety.maxRequests of ${id} allows`;
}

interface Watching extends Watched {
  until: AbortSignal;
  end: End;
}

async function watchHours(texts: readonly string[], { target, clock, until, end }: Watching): Promise<void> {
  const hours = texts.map(parseHours);
  while (!until.aborted) {
    const now = clock.wall();
    if (!isWithin(hours, now)) return end('outside_hours', outsideHours(target, now) ?? '');
    const endsAt = nextChange(hours, now);
    if (endsAt === null) return;
    await clock.sleep(endsAt - now, until);
  }
}

/** Why a session may not run now, and when it may; null: it may. */
export function outsideHours(target: Target, now: number): string | null {
  const hours = boundsOf(target).hours.map(parseHours);
  if (isWithin(hours, now)) return null;
  const next = nextChange(hours, now);
  const zone = hours[0]?.zone ?? 'UTC';
  const when = next === null ? '' : `; the next time is ${momentIn(zone, next)}`;
  return `${target.id} may be loaded only ${hours.map(({ text }) => text).join(' or ')}${when}`;
}

async function watchGuards({ target, clock, allowTargets, until, end }: Watching): Promise<void> {
  const guards = boundsOf(target).guards.map((guard) => ({
    ...openGuard(guard, { allowTargets, insecure: target.insecure }),
    bad: 0,
  }));
  until.addEventListener('abort', () => guards.forEach((guard) => guard.close()), { once: true });
  while (!until.aborted) {
    const since = clock.now();
    await Promise.all(
      guards.map(async (guard) => {
        const trouble = await guard.ask();
        if (until.aborted) return;
        guard.bad = trouble === null ? 0 : guard.bad + 1;
        if (guard.bad >= BAD_ANSWERS)
          end('stopped_by_guard', `the guard ${guard.name} stopped the session: ${trouble}`);
      }),
    );
    await clock.sleep(ASK_EVERY_MS - (clock.now() - since), until);
  }
}
