import { HiveError, type ScenarioCounts, type ScenarioResult, type Validity } from '@hive/contract';
import {
  and,
  count,
  desc,
  eq,
  getTableColumns,
  gte,
  ilike,
  inArray,
  isNull,
  lte,
  notLike,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import type { Database } from './database.js';
import { containing, instantOf, olderThan, toPage } from './paging.js';
import { toScenario, toScenarioInsert, toScenarioRow } from './rows.js';
import { forgetWindows } from './measured/latest-metrics.js';
import { rollUp } from './measured/rollups.js';
import { rollups, testScenarios as scenarios, trainingSessions as sessions } from './schema.js';
import type { ResultFilter, RunHour, ScenarioFilter, Store } from './store.js';

type ScenarioQueries = Pick<
  Store,
  | 'createScenario'
  | 'restartScenario'
  | 'completeScenario'
  | 'getScenario'
  | 'getScenarioPlan'
  | 'getHistograms'
  | 'listScenarios'
  | 'countScenarios'
  | 'listLearned'
  | 'learnedVersion'
  | 'listResults'
  | 'listRunHours'
>;

const { response_time, service_time, ...shown } = getTableColumns(scenarios);
const { session_id, scenario_type, intensity, parameters, results, created_at } = shown;
const learned = { session_id, scenario_type, intensity, parameters, results, created_at };

export function scenarioQueries(db: Database, now: () => Date): ScenarioQueries {
  const find = async (id: string) => {
    if (id.includes('\0')) return null;
    const [row] = await db.select(shown).from(scenarios).where(eq(scenarios.id, id));
    return row ?? null;
  };
  return {
    async createScenario(scenario, sessionId, createdAt = now()) {
      const values = toScenarioInsert(scenario, { sessionId, createdAt });
      const [row] = await db.insert(scenarios).values(values).returning(shown);
      return toScenarioRow(existing(row, scenario.id));
    },

    async restartScenario(id, sessionId) {
      const cleared = {
        session_id: sessionId,
        completed: false,
        success_rate: null,
        execution_time: null,
        results: null,
        verdict: null,
        validity: null,
        reason: null,
        response_time: null,
        service_time: null,
      };
      return db.transaction(async (transaction) => {
        const [row] = await transaction.update(scenarios).set(cleared).where(eq(scenarios.id, id)).returning(shown);
        await forgetWindows(transaction, id);
        await transaction.delete(rollups).where(eq(rollups.scenario_id, id));
        return toScenarioRow(existing(row, id));
      });
    },

    async completeScenario(id, measured, histograms) {
      const result = withoutVerdict(measured);
      const [row] = await db
        .update(scenarios)
        .set({
          completed: result.verdict !== 'aborted',
          success_rate: result.measurement?.successRate ?? null,
          execution_time: result.executionSeconds,
          results: result,
          verdict: result.verdict,
          validity: result.validity,
          reason: result.reason,
          response_time: histograms.responseTime,
          service_time: histograms.serviceTime,
        })
        .where(eq(scenarios.id, id))
        .returning(shown);
      const completed = toScenarioRow(existing(row, id));
      await rollUp(db, id);
      return completed;
    },

    async getScenario(id) {
      const row = await find(id);
      return row === null ? null : toScenarioRow(row);
    },

    async getScenarioPlan(id) {
      const row = await find(id);
      return row === null ? null : toScenario(row);
    },

    async getHistograms(id) {
      if (id.includes('\0')) return null;
      const [row] = await db
        .select({ responseTime: response_time, serviceTime: service_time })
        .from(scenarios)
        .where(eq(scenarios.id, id));
      return row ?? null;
    },

    async listScenarios(filter) {
      const rows = await db
        .select(shown)
        .from(scenarios)
        .where(and(...conditions(filter), olderThan(filter.after, scenarios.created_at, scenarios.id)))
        .orderBy(desc(scenarios.created_at), desc(scenarios.id))
        .limit(filter.limit + 1);
      return toPage(rows, filter.limit, { place: (row) => ({ at: row.created_at, id: row.id }), show: toScenarioRow });
    },

    countScenarios: (filter) => countScenarios(db, filter),

    async listLearned({ target, kind, objectives, limit }) {
      const stored = sql`${scenarios.parameters} -> 'objectives'`;
      const rows = await db
        .select(learned)
        .from(scenarios)
        .where(
          and(
            ...conditions({ target, kind }),
            eq(scenarios.completed, true),
            or(isNull(scenarios.session_id), notLike(scenarios.session_id, String.raw`exe\_%`)),
            objectives && sql`${stored} @> ${JSON.stringify(objectives)}::jsonb`,
            objectives && sql`jsonb_array_length(${stored}) = ${objectives.length}`,
          ),
        )
        .orderBy(desc(scenarios.created_at), desc(scenarios.id))
        .limit(limit);
      return rows.toReversed().map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
    },

    async learnedVersion(target) {
      const [newest] = await db
        .select({ at: scenarios.created_at, id: scenarios.id })
        .from(scenarios)
        .where(and(eq(scenarios.target_id, target), eq(scenarios.completed, true)))
        .orderBy(desc(scenarios.created_at), desc(scenarios.id))
        .limit(1);
      // A run that is executed again brings a session of its own.
      const [session] = await db
        .select({ id: sessions.id, status: sessions.status })
        .from(sessions)
        .where(eq(sessions.target_id, target))
        .orderBy(desc(sessions.started_at), desc(sessions.id))
        .limit(1);
      // One that was measured earlier may be stored later, and others may be gone.
      const runs = await db.$count(scenarios, and(eq(scenarios.target_id, target), eq(scenarios.completed, true)));
      return JSON.stringify([newest ?? null, session ?? null, runs]);
    },

    async listResults({ after, limit, ...filter }) {
      const query = db
        .select({ row: shown, responseTime: response_time, serviceTime: service_time })
        .from(scenarios)
        .where(
          and(
            ...conditions(filter),
            eq(scenarios.completed, true),
            after && sql`(${scenarios.created_at}, ${scenarios.id}) > (${after.at}::timestamptz, ${after.id})`,
          ),
        )
        .orderBy(scenarios.created_at, scenarios.id);
      const rows = await (limit === undefined ? query : query.limit(limit));
      return rows.map(({ row, ...histograms }) => ({ row: toScenarioRow(row), ...histograms }));
    },

    listRunHours: (filter) => listRunHours(db, filter),
  };
}

async function countScenarios(db: Database, filter: Omit<ScenarioFilter, 'after' | 'limit'>): Promise<ScenarioCounts> {
  const { scenario_type: kind, verdict } = shown;
  const validity = sql<Validity['status'] | null>`${scenarios.validity} ->> 'status'`;
  const groups = await db
    .select({ kind, verdict, validity, runs: count() })
    .from(scenarios)
    .where(and(...conditions(filter)))
    .groupBy(kind, verdict, validity);
  const counts: ScenarioCounts = { total: 0, byVerdict: {}, byValidity: {}, byKind: {} };
  const add = <Key extends string>(to: Partial<Record<Key, number>>, key: Key | null, runs: number): void => {
    if (key !== null) to[key] = (to[key] ?? 0) + runs;
  };
  for (const { runs, ...of } of groups) {
    counts.total += runs;
    add(counts.byKind, of.kind, runs);
    add(counts.byVerdict, of.verdict, runs);
    add(counts.byValidity, of.validity, runs);
  }
  return counts;
}

/** Runs are told apart by their id and by who executed them last. Both are in the row itself: no result is read. */
async function listRunHours(db: Database, filter: ResultFilter): Promise<RunHour[]> {
  const hour = sql<string>`to_char(${scenarios.created_at} at time zone 'utc', 'YYYY-MM-DD"T"HH24:00:00.000"Z"')`;
  const content = sql`hashtext(${scenarios.id} || ' ' || coalesce(${scenarios.session_id}, ''))`;
  return db
    .select({ hour, version: sql<string>`count(*) || ' ' || sum(${content})` })
    .from(scenarios)
    .where(and(...conditions(filter), eq(scenarios.completed, true)))
    .groupBy(hour)
    .orderBy(hour);
}

/** What is not usable has no verdict, whatever it was judged to be. */
function withoutVerdict(result: ScenarioResult): ScenarioResult {
  const { verdict, validity } = result;
  if (validity.status !== 'invalid' || (verdict !== 'passed' && verdict !== 'failed')) return result;
  return { ...result, verdict: 'undecided', reason: `not judged: ${validity.reasons.join('; ')}` };
}

function conditions(filter: Omit<ScenarioFilter, 'after' | 'limit'>): (SQL | undefined)[] {
  const { kind, difficulty, verdict, validity, target, targets, session, from, to, text } = filter;
  return [
    kind && eq(scenarios.scenario_type, kind),
    difficulty && eq(scenarios.difficulty, difficulty),
    verdict && eq(scenarios.verdict, verdict),
    validity && sql`${scenarios.validity} ->> 'status' = ${validity}`,
    target === undefined ? undefined : eq(scenarios.target_id, target),
    targets && inArray(scenarios.target_id, [...targets]),
    session === undefined ? undefined : eq(scenarios.session_id, session),
    from === undefined ? undefined : gte(scenarios.created_at, instantOf('from', from)),
    to === undefined ? undefined : lte(scenarios.created_at, instantOf('to', to)),
    text ? contains(text) : undefined,
  ];
}

function contains(text: string): SQL | undefined {
  const pattern = containing(text);
  return or(ilike(scenarios.description, pattern), ilike(scenarios.reason, pattern), ilike(scenarios.id, pattern));
}

function existing<Row>(row: Row | undefined, id: string): Row {
  if (row === undefined) throw new HiveError('not_found', `there is no scenario with the id '${id}'`);
  return row;
}
