import {
  BASE_KIND,
  foundNothing,
  type Analytics,
  type Headroom,
  type Incident,
  type Kind,
  type Limit,
  type Schedule,
  type ScheduledRun,
  type SessionRow,
  type Target,
} from '@hive/contract';
import type { Store, StoredChannel } from '../../store/store.js';
import { fits } from '../routing.js';

/** What is read at once: all of a week counts, and the mail shows the first lines. */
const AT_ONCE = 200;
const DAY_MS = 86_400_000;
const SOON_DAYS = 21;
/** The largest budget, and as long until it was resumed. */
const LONGEST_SESSION_MS = 2 * DAY_MS;

/** What happened within a week. */
export interface WeekNews {
  /** ISO 8601. */
  from: string;
  to: string;
  incidents: Incident[];
  limits: { target: string; kind: Kind; ratio: number; marks: string[] }[];
  sessions: SessionRow[];
  schedules: { target: string; what: Schedule['what']; skipped: number; reason: string | null }[];
  /** Of targets that say how much traffic they have. */
  headroom: { target: string; traffic: Headroom; safe: number | null }[];
  certificates: { target: string; days: number }[];
}

/** What is read of a target beyond the store. */
export interface WeekParts {
  store: Store;
  analyse(targetId: string): Promise<Analytics>;
  limits(targetId: string): Promise<{ limits: Limit[]; traffic: Headroom | null }>;
}

type Week = Pick<WeekNews, 'from' | 'to'>;

/** What happened in a week to those targets of which a channel hears. */
export async function weekNews({ when }: Pick<StoredChannel, 'when'>, week: Week, parts: WeekParts): Promise<WeekNews> {
  const { store } = parts;
  const { severity: _severity, ...labels } = when;
  const all = await store.listTargets();
  const targets = all.filter((target) => fits({ labels: target.labels ?? {}, severity: 'page' }, labels));
  const ids = new Set(targets.map(({ id }) => id));
  const incidents = await incidentsOf(store, week);
  const isHeard = (one: Incident): boolean => fits(one, when) && (one.target === null || ids.has(one.target));
  const isOf = (at: string | null): boolean => at !== null && at > week.from && at <= week.to;
  return {
    ...week,
    incidents: incidents.filter(isHeard),
    sessions: (await sessionsOf(store, { ids, from: week.from })).filter(
      (row) => isOf(row.ended_at) && foundNothing(row),
    ),
    schedules: await skippedOf(store, { ids, isOf, from: week.from }),
    certificates: await certificatesOf(store, { ids, to: week.to }),
    ...(await learnedOf(targets, isOf, parts)),
  };
}

async function incidentsOf(store: Store, week: Week): Promise<Incident[]> {
  const found: Incident[] = [];
  for (;;) {
    const page = await store.listIncidents({ ...week, after: found.at(-1), limit: AT_ONCE });
    if (page.length === 0) return found;
    found.push(...page);
  }
}

/** Those that may have ended since then, the newest first. */
async function sessionsOf(
  store: Store,
  { ids, from }: { ids: ReadonlySet<string>; from: string },
): Promise<SessionRow[]> {
  const begunAfter = new Date(Date.parse(from) - LONGEST_SESSION_MS).toISOString();
  const found: SessionRow[] = [];
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.listSessions({ targets: [...ids], after, limit: AT_ONCE });
    found.push(...rows);
    if (next === null || (found.at(-1)?.started_at ?? '') < begunAfter) return found;
    after = next;
  }
}

/** Those that began since then, the newest first. */
async function runsOf(store: Store, scheduleId: string, from: string): Promise<ScheduledRun[]> {
  for (let limit = AT_ONCE; ; limit *= 2) {
    const runs = await store.listScheduledRuns(scheduleId, limit);
    if (runs.length < limit || (runs.at(-1)?.startedAt ?? '') < from) return runs;
  }
}

type Within = (at: string | null) => boolean;

async function learnedOf(
  targets: readonly Target[],
  isOf: Within,
  { analyse, limits: limitsOf }: WeekParts,
): Promise<Pick<WeekNews, 'limits' | 'headroom'>> {
  const [limits, headroom]: [WeekNews['limits'], WeekNews['headroom']] = [[], []];
  for (const { id: target } of targets) {
    const { kinds } = await analyse(target);
    for (const { kind, steps } of kinds) {
      const moved = steps.filter(({ after }) => isOf(after.at));
      limits.push(...moved.map(({ ratio, marks }) => ({ target, kind, ratio, marks: marks.map(({ text }) => text) })));
    }
    const known = await limitsOf(target);
    const safe = known.limits.find(({ kind }) => kind === BASE_KIND)?.safe ?? null;
    if (known.traffic !== null) headroom.push({ target, traffic: known.traffic, safe });
  }
  return { limits, headroom };
}

/** Of checks another one comes in a moment. */
async function skippedOf(
  store: Store,
  { ids, isOf, from }: { ids: ReadonlySet<string>; isOf: Within; from: string },
): Promise<WeekNews['schedules']> {
  const schedules = (await store.listSchedules({})).filter(
    ({ what, target }) => what.type !== 'check' && ids.has(target),
  );
  const found: WeekNews['schedules'] = [];
  for (const { id, target, what } of schedules) {
    const runs = (await runsOf(store, id, from)).filter(
      ({ dueAt, result }) => isOf(dueAt) && (result === 'skipped' || result === 'interrupted'),
    );
    if (runs.length > 0) found.push({ target, what, skipped: runs.length, reason: runs[0]?.reason ?? null });
  }
  return found;
}

async function certificatesOf(
  store: Store,
  { ids, to }: { ids: ReadonlySet<string>; to: string },
): Promise<WeekNews['certificates']> {
  const from = new Date(Date.parse(to) - DAY_MS).toISOString();
  const checks = await store.newestChecks({ from, to });
  return checks.flatMap(({ target, certificateDays: days }) =>
    days === null || days > SOON_DAYS || !ids.has(target) ? [] : [{ target, days }],
  );
}
