import { HiveError, type ScenarioResult } from '@hive/contract';
import { and, desc, eq, getTableColumns, gte, ilike, isNull, lte, notLike, or, sql, type SQL } from 'drizzle-orm';
import type { Database } from './database.js';
import { containing, instantOf, olderThan, toPage } from './paging.js';
import { toScenario, toScenarioInsert, toScenarioRow } from './rows.js';
import { forgetWindows } from './measured/latest-metrics.js';
import { rollUp } from './measured/rollups.js';
import { rollups, testScenarios as scenarios, trainingSessions as sessions } from './schema.js';
import type { ScenarioFilter, Store } from './store.js';

type ScenarioQueries = Pick<
  Store,
  | 'createScenario'
  | 'restartScenario'
  | 'completeScenario'
  | 'getScenario'
  | 'getScenarioPlan'
  | 'listScenarios'
  | 'listLearned'
  | 'learnedVersion'
  | 'listResults'
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

    async listScenarios(filter) {
      const rows = await db
        .select(shown)
        .from(scenarios)
        .where(and(...conditions(filter), olderThan(filter.after, scenarios.created_at, scenarios.id)))
        .orderBy(desc(scenarios.created_at), desc(scenarios.id))
        .limit(filter.limit + 1);
      return toPage(rows, filter.limit, { place: (row) => ({ at: row.created_at, id: row.id }), show: toScenarioRow });
    },

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
      return JSON.stringify([newest ?? null, session ?? null]);
    },

    async listResults(filter) {
      const rows = await db
        .select({ row: shown, responseTime: response_time, serviceTime: service_time })
        .from(scenarios)
        .where(and(...conditions(filter), eq(scenarios.completed, true)))
        .orderBy(scenarios.created_at, scenarios.id);
      return rows.map(({ row, ...histograms }) => ({ row: toScenarioRow(row), ...histograms }));
    },
  };
}

/** What is not usable has no verdict, whatever it was judged to be. */
function withoutVerdict(result: ScenarioResult): ScenarioResult {
  const { verdict, validity } = result;
  if (validity.status !== 'invalid' || (verdict !== 'passed' && verdict !== 'failed')) return result;
  return { ...result, verdict: 'undecided', reason: `not judged: ${validity.reasons.join('; ')}` };
}

function conditions(filter: Omit<ScenarioFilter, 'after' | 'limit'>): (SQL | undefined)[] {
  const { kind, difficulty, verdict, target, session, from, to, text } = filter;
  return [
    kind && eq(scenarios.scenario_type, kind),
    difficulty && eq(scenarios.difficulty, difficulty),
    verdict && eq(scenarios.verdict, verdict),
    target === undefined ? undefined : eq(scenarios.target_id, target),
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
