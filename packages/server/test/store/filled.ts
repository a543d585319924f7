import { sql } from 'drizzle-orm';
import type { Database } from '../../src/store/database.js';
import { coverDays, dayOf } from '../../src/store/measured/days.js';
import { openDatabase, openStore } from '../../src/store/open.js';
import { sampleResult, sampleScenario, sampleSession, sampleTarget, sampleWindow } from './samples.js';

/** What a store was filled with. */
export interface Filled {
  target: string;
  session: string;
  scenario: string;
}

interface Sizes {
  runs: number;
  /** Rows of `performance_metrics`. */
  values: number;
}

const TARGETS = 10;
const RUNS_PER_SESSION = 20;
const DAYS = 10;
const VALUES_PER_WINDOW = 14;

/**
 * Fills an empty PostgreSQL, or the embedded database in `dataDir`, with the history of ten days, of ten targets: copies of one run that was
 * stored as always. Returns one of each.
 */
export async function fill(at: string | { dataDir: string }, { runs, values }: Sizes): Promise<Filled> {
  const place = typeof at === 'string' ? { databaseUrl: at, dataDir: '/nowhere/unused' } : at;
  const store = await openStore(place);
  const target = sampleTarget({ id: 'target-0' });
  await store.saveTarget(target);
  const session = sampleSession(target.id, { id: 'template' });
  await store.createSession(session);
  const { id } = await store.createScenario(sampleScenario(target.id, { id: 'template' }), session.id);
  const window = sampleWindow({ scenarioId: id, sessionId: session.id, targetId: target.id });
  await store.appendWindows([{ window, responseTime: new Uint8Array(900), serviceTime: new Uint8Array(900) }]);
  await store.completeScenario(id, sampleResult(), { responseTime: null, serviceTime: null });
  for (let number = 1; number < TARGETS; number += 1) await store.saveTarget(sampleTarget({ id: `target-${number}` }));
  await store.close();
  const database = await openDatabase(place);
  try {
    await copy(database.db, { runs, values });
  } finally {
    await database.close();
  }
  return { target: 'target-1', session: 'session-1', scenario: 'run-21' };
}

async function copy(db: Database, { runs, values }: Sizes): Promise<void> {
  const days = Array.from({ length: DAYS }, (_, index) => dayOf(new Date(), -index));
  await coverDays(db, 'windows', days);
  await coverDays(db, 'performance_metrics', days);
  const spacing = sql.raw(`(interval '${DAYS - 1} days' / ${runs})`);
  const windows = Math.ceil(values / VALUES_PER_WINDOW);
  await db.execute(sql`
    insert into training_sessions (id, started_at, ended_at, total_scenarios, successful_scenarios, metrics, target_id,
      status, kinds, budget_seconds, end_code, end_reason, limits)
    select 'session-' || n, now() - (n + 1) * ${RUNS_PER_SESSION}::int * ${spacing}, now() - n * ${RUNS_PER_SESSION}::int * ${spacing},
      ${RUNS_PER_SESSION}::int, 10, '{}', 'target-' || n % ${TARGETS}::int, 'completed', kinds, 60, 'goal', 'done', limits
    from training_sessions, generate_series(0, ${Math.ceil(runs / RUNS_PER_SESSION)}::int) as n where id = 'template'`);
  await db.execute(sql`
    insert into test_scenarios (id, created_at, scenario_type, difficulty, parameters, completed, success_rate, execution_time,
      results, target_id, session_id, description, expected_outcomes, calibrated, intensity, unit, verdict, validity, reason)
    select 'run-' || n, now() - n * ${spacing}, scenario_type, difficulty, parameters, completed, success_rate, execution_time,
      results, 'target-' || n / ${RUNS_PER_SESSION}::int % ${TARGETS}::int, 'session-' || n / ${RUNS_PER_SESSION}::int, description,
      expected_outcomes, calibrated, 100 + n % 400, unit, verdict, validity, reason
    from test_scenarios, generate_series(1, ${runs}::int) as n where id = 'template'`);
  // The windows of a run follow one another: newer runs have the higher numbers.
  await db.execute(sql`
    insert into windows (day, id, scenario_id, from_ms, packed, response_time, service_time)
    select (run.created_at at time zone 'utc')::date, nextval('windows_numbers'), run.id, 1000 * second,
      packed, template.response_time, template.service_time
    from windows as template, test_scenarios as run,
      generate_series(0, ${Math.ceil(windows / runs) - 1}::int) as second
    where template.scenario_id = 'template' and run.id like 'run-%'
    order by run.created_at, second`);
  // Day by day: a statement may take a quarter of a minute, on a busy machine too.
  for (const day of days.toReversed())
    await db.execute(sql`
    insert into performance_metrics (day, timestamp, metric_type, value, scenario_id, window_id, metadata)
    select windows.day, run.created_at + windows.from_ms * interval '1 millisecond', template.metric_type, template.value,
      run.id, windows.id, '{}'
    from performance_metrics as template, windows join test_scenarios as run on run.id = windows.scenario_id
    where template.scenario_id = 'template' and run.id like 'run-%' and windows.day = ${day}
    order by windows.id`);
  await db.execute(sql`analyze`);
}
