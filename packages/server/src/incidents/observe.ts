import type { Comparison, Headroom, Maintenance, Rule, SessionRow, ServiceCheck, Target } from '@hive/contract';
import { inMaintenance } from '@hive/contract';
import type { Store } from '../store/store.js';
import {
  judgeComparison,
  judgeHeadroom,
  judgeLimit,
  judgeScheduledRun,
  judgeServiceCheck,
  type Observation,
} from './judge-rule.js';

/** What is read at once of what was not seen yet. */
const AT_ONCE = 200;
const SESSIONS = 20;

export interface Observing {
  store: Store;
  now: () => string;
  /** How a target's limits compare with its traffic. */
  headroom(target: Target): Promise<Headroom | null>;
  /** A session against the one before it on its target. @throws HiveError when there is none. */
  compare(sessionId: string): Promise<Comparison>;
}

/** What was found about a target since `since`, as a rule sees it, oldest first. Within maintenance it says nothing. */
export async function observe(
  { when }: Rule,
  { target, since, windows }: { target: Target; since: string; windows: readonly Maintenance[] },
  parts: Observing,
): Promise<Observation[]> {
  const found = await seenOf(when, { target, since }, parts);
  return found
    .filter(({ at }) => at > since)
    .map((one) => (inMaintenance(windows, target.id, one.since) === null ? one : { ...one, sign: 'none' as const }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

async function seenOf(
  when: Rule['when'],
  { target, since }: { target: Target; since: string },
  parts: Observing,
): Promise<Observation[]> {
  const { store } = parts;
  switch (when.type) {
    case 'checks':
      return (await checksSince(store, target.id, since)).map((check) => judgeServiceCheck(when, check));
    case 'limit':
      return (await sessionsSince(store, target.id, since)).map(({ ended_at: at, limits }) =>
        judgeLimit(
          when,
          at ?? since,
          limits.find(({ kind }) => kind === when.kind),
        ),
      );
    case 'worse': {
      const [newest] = await sessionsSince(store, target.id, since);
      if (newest === undefined) return [];
      const compared = await parts.compare(newest.id).catch(() => null);
      return compared === null ? [] : [judgeComparison(newest.ended_at ?? since, compared)];
    }
    // They are no target's: the watcher looks at them.
    case 'load_generators':
      return [];
    case 'headroom':
      return [judgeHeadroom(when, parts.now(), await parts.headroom(target))];
    case 'schedule': {
      const schedules = await store.listSchedules({ target: target.id });
      const wanted = schedules.filter(({ id, what }) =>
        when.schedule === undefined ? what.type !== 'check' : id === when.schedule,
      );
      const runs = await Promise.all(wanted.map(({ id }) => store.listScheduledRuns(id, SESSIONS)));
      return runs
        .flat()
        .filter(({ endedAt }) => endedAt !== null && endedAt > since)
        .map((run) => judgeScheduledRun(run));
    }
  }
}

/** The newest of them: after a long time without a Hive the oldest are no news. */
async function checksSince(store: Store, target: string, since: string): Promise<ServiceCheck[]> {
  return store.listChecks({ target, from: since, limit: AT_ONCE });
}

/** Those that looked for limits and ended since then, the newest first. */
async function sessionsSince(store: Store, target: string, since: string): Promise<SessionRow[]> {
  const { rows } = await store.listSessions({ target, limit: SESSIONS });
  return rows.filter(({ mode, ended_at: at }) => mode === 'train' && at !== null && at > since);
}
