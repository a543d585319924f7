import type { Incident, IncidentDetail, ServiceCheck } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { findIncident } from '../../incidents/find-rule.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

const HOUR_MS = 3_600_000;
/** How long after it began other targets are looked at. */
const OTHERS_MS = 5 * 60_000;
const MOST_CHECKS = 1_000;
const MOST_MARKS = 20;
const MOST_EARLIER = 10;
const MOST_SESSIONS = 50;

/** An incident with what one needs to judge it. Throws HiveError `not_found`. */
export function getIncident(store: Store): Verb<string, IncidentDetail> {
  return async (actor, id) => {
    demand(actor, 'read');
    const { machine, ...incident } = await findIncident(store, id);
    const later = (ms: number): string => new Date(Date.parse(incident.since) + ms).toISOString();
    const newest = await store.newestChecks({ from: later(-OTHERS_MS), to: later(OTHERS_MS) });
    const lead = incident.groupId ?? incident.id;
    const open = await store.listIncidents({ from: later(-HOUR_MS), limit: MOST_CHECKS });
    const together = open.filter((one) => one.id !== id && (one.groupId === lead || one.id === lead));
    return {
      incident,
      events: await store.listIncidentEvents(id),
      deliveries: await store.listDeliveries(id),
      others: newest
        .filter(({ target }) => target !== incident.target)
        .map(({ target, at, result }) => ({ target, at, result })),
      machine,
      earlier: await store.listIncidents({ before: incident, limit: MOST_EARLIER }),
      together,
      ...(incident.target === null ? nothing : await ofTarget(store, { ...incident, target: incident.target })),
    };
  };
}

type OfTarget = Pick<
  IncidentDetail,
  'checks' | 'lastGood' | 'firstBad' | 'marks' | 'sessions' | 'runbook' | 'scheduleId'
>;

const nothing: OfTarget = {
  checks: [],
  lastGood: null,
  firstBad: null,
  marks: [],
  sessions: [],
  runbook: null,
  scheduleId: null,
};

/** What happened to its target from an hour before it began on. */
async function ofTarget(store: Store, incident: Incident & { target: string }): Promise<OfTarget> {
  const { target, since, closedAt } = incident;
  const from = new Date(Date.parse(since) - HOUR_MS).toISOString();
  const to = new Date(Date.parse(since) + HOUR_MS).toISOString();
  const checks = (await store.listChecks({ target, from, to, limit: MOST_CHECKS })).toReversed();
  const between = { target, from, ...(closedAt === null ? {} : { to: closedAt }) };
  const { rows } = await store.listSessions({ target, limit: MOST_SESSIONS });
  const sessions = rows.filter(
    ({ started_at, ended_at }) => (ended_at ?? since) >= from && started_at <= (closedAt ?? '9999'),
  );
  const [schedule] = (await store.listSchedules({ target })).filter(({ what }) => what.type === 'check');
  return {
    checks,
    lastGood: checks.findLast(({ at, result }) => at < since && isGood(result)) ?? null,
    firstBad: checks.find(({ at, result }) => at >= since && result === 'fail') ?? null,
    marks: await store.listMarks({ ...between, limit: MOST_MARKS }),
    sessions: sessions.map((one) => ({
      id: one.id,
      mode: one.mode,
      startedAt: one.started_at,
      endedAt: one.ended_at,
      status: one.status,
    })),
    runbook: (await store.getTarget(target))?.runbook ?? null,
    scheduleId: schedule?.id ?? null,
  };
}

const isGood = (result: ServiceCheck['result']): boolean => result === 'pass' || result === 'degraded';
