import { DEFAULT_GATES, HiveError, type Comparison, type SessionRow } from '@hive/contract';
import { hasFoundLimit, type ReportSource } from '@hive/report';
import { findSession } from '../../history/find-session.js';
import type { Learning } from '../../history/learned-limits.js';
import type { Input } from '../../history/learner/work.js';
import { remembered } from '../../history/remembered.js';
import { sessionSource } from '../../history/session-source.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** What is compared with what: ids of sessions, or of targets for their newest session that found a limit. */
export interface Compared {
  /** Absent: the one before `b` on its target. */
  a?: string | undefined;
  /** Absent: the newest of all. */
  b?: string | undefined;
  /** As a share. */
  tolerance: number;
}

/** What came of it, and which sessions it was. */
export type StoredComparison = Comparison & { sessions: { base: string; candidate: string } };

interface Parts extends Learning {
  store: Store;
  now: () => number;
}

/** Sessions that the scatter of a target's limits is taken from, and among which its newest usable one is looked for. */
const SESSIONS = 50;

/** Compares two stored sessions, `a` being the base; without names, the newest with the one before it. Throws HiveError `not_found`. */
export function compareSessions(parts: Parts): Verb<Compared, StoredComparison> {
  const { store } = parts;
  return async (actor, { a, b, tolerance }) => {
    demand(actor, 'read');
    const after = b === undefined ? await newestOf(store) : await sessionNamed(store, b);
    const before = a === undefined ? await theOneBefore(store, after) : await sessionNamed(store, a);
    const isOfOne = before.target_id === after.target_id;
    const history = isOfOne ? await newestSessions(store, after.target_id) : [];
    const rules = { tolerance, gates: DEFAULT_GATES, history };
    return {
      ...(await compared(parts, { before, after, rules })),
      sessions: { base: before.id, candidate: after.id },
    };
  };
}

/** Remembered while neither session nor their targets are other ones. */
async function compared(
  { store, cache, version, learner, now }: Parts,
  { before, after, rules }: { before: SessionRow; after: SessionRow; rules: Input<'comparison'>['rules'] },
): Promise<Comparison> {
  const sessions = [before, after];
  const targets = await Promise.all(sessions.map(({ target_id: target }) => store.getTarget(target)));
  const runs = await Promise.all(sessions.map(({ id: session }) => store.listRunHours({ session })));
  return remembered(cache, ['compared', version, sessions, targets, runs, rules], async () => {
    const made = { hive: version, node: process.versions.node, at: new Date(now()).toISOString() };
    const [base, candidate] = await Promise.all(sessions.map(({ id }) => sessionSource(store, id, { windows: false })));
    return learner.compute('comparison', {
      base: base as ReportSource,
      candidate: candidate as ReportSource,
      making: { made, ceiling: null },
      rules,
    });
  });
}

/** The session of an id, or the newest of a target that found a limit. */
async function sessionNamed(store: Store, name: string): Promise<SessionRow> {
  return (await store.getTarget(name)) === null ? findSession(store, name) : newestOf(store, name);
}

async function newestOf(store: Store, target?: string): Promise<SessionRow> {
  return found((await newestSessions(store, target)).find(hasFoundLimit), target ?? 'any target');
}

async function theOneBefore(store: Store, { id, target_id: target }: SessionRow): Promise<SessionRow> {
  const rows = await newestSessions(store, target);
  const earlier = rows.slice(rows.findIndex((row) => row.id === id) + 1);
  return found(earlier.find(hasFoundLimit), `${target} before ${id}`);
}

function found(session: SessionRow | undefined, of: string): SessionRow {
  if (session !== undefined) return session;
  throw new HiveError('not_found', `no session of ${of} found a limit`, { hint: 'measure it first' });
}

async function newestSessions(store: Store, target?: string): Promise<SessionRow[]> {
  return (await store.listSessions({ limit: SESSIONS, ...(target === undefined ? {} : { target }) })).rows;
}
