import { outcomeOf, tallyRuns } from '@hive/contract';
import { and, desc, eq } from 'drizzle-orm';
import type { Database } from './database.js';
import { performanceMetrics as metrics, testScenarios as scenarios, trainingSessions as sessions } from './schema.js';

type Running = typeof sessions.$inferSelect;
type Run = Pick<
  typeof scenarios.$inferSelect,
  'id' | 'created_at' | 'verdict' | 'validity' | 'parameters' | 'success_rate' | 'execution_time'
>;

const { id, created_at, verdict, validity, parameters, success_rate, execution_time } = scenarios;

/**
 * Marks one session `interrupted`: its counts are those of its stored runs, and it ended when it was last heard of, not when that was found
 * out. Returns it as it was marked, whatever comes of it at once; null when it is no longer `running`.
 */
export async function interrupt(
  db: Database,
  { session, reason, now }: { session: Running; reason: string; now: Date },
): Promise<Running | null> {
  const runs = await db
    .select({ id, created_at, verdict, validity, parameters, success_rate, execution_time })
    .from(scenarios)
    .where(eq(scenarios.session_id, session.id))
    .orderBy(scenarios.created_at, scenarios.id);
  const { total, passed, averageSuccessRate } = tallyRuns(
    runs.map((run) => ({ outcome: outcomeOf(run), successRate: run.success_rate })),
  );
  const begun = session.started_at.getTime();
  const pausedMs = 1_000 * session.paused_seconds;
  const last = Math.max(begun, ...signsOf(session, runs), await newestValueMs(db, runs.at(-1)));
  const ended = Math.min(last, Math.max(begun, now.getTime()));
  const rows = await db
    .update(sessions)
    .set({
      status: 'interrupted',
      end_code: 'interrupted',
      end_reason: reason,
      ended_at: new Date(ended),
      runtime_seconds: Math.max(0, ended - begun - pausedMs) / 1_000,
      total_scenarios: total,
      successful_scenarios: passed,
      average_performance: averageSuccessRate,
    })
    .where(and(eq(sessions.id, session.id), eq(sessions.status, 'running')))
    .returning();
  return rows[0] ?? null;
}

/** Times at which a session was certainly alive, ms. */
function signsOf({ started_at, runtime_seconds, paused_seconds }: Running, runs: readonly Run[]): number[] {
  return [
    started_at.getTime() + 1_000 * ((runtime_seconds ?? 0) + paused_seconds),
    ...runs.map((run) => run.created_at.getTime() + 1_000 * (run.execution_time ?? 0)),
  ];
}

/** When the newest value of a run was measured, ms. */
async function newestValueMs(db: Database, run: Run | undefined): Promise<number> {
  if (run === undefined) return 0;
  const [newest] = await db
    .select({ timestamp: metrics.timestamp })
    .from(metrics)
    .where(eq(metrics.scenario_id, run.id))
    .orderBy(desc(metrics.timestamp), desc(metrics.id))
    .limit(1);
  return newest?.timestamp.getTime() ?? 0;
}
