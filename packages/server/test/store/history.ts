import { DIFFICULTIES, type Limit } from '@hive/contract';
import { sql } from 'drizzle-orm';
import type { Database } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open.js';
import { fill } from './filled.js';

/** What the template run asks for and did not get, where it fails. */
const BAD = 40;

/** What each session found; `estimate` goes up and down a little from one to the next. */
const LIMIT: Limit = {
  kind: 'load_balancing',
  unit: 'requests/s',
  status: 'known',
  method: 'belief',
  estimate: 300,
  low: 290,
  high: 312,
  level: 0.9,
  safe: 280,
  band: [285, 315],
  horizonSeconds: 60,
  binding: 'p(99)<250',
  scenarios: 20,
  updatedAt: '2026-01-31T12:00:00.000Z',
};

/**
 * The history of ten days of ten targets in an empty data directory: sessions of 20 runs of several kinds, most of which passed below 300
 * requests/s and failed above; some are undecided, some doubtful or not usable.
 */
export async function storeHistory(dataDir: string, runs: number): Promise<void> {
  await fill({ dataDir }, { runs, values: 14 * runs });
  const database = await openDatabase({ dataDir });
  try {
    await vary(database.db);
  } finally {
    await database.close();
  }
}

async function vary(db: Database): Promise<void> {
  await db.execute(sql`
    update training_sessions set
      limits = jsonb_build_array(${JSON.stringify(LIMIT)}::jsonb || jsonb_build_object('estimate', 296 + number % 9)),
      status = case when number % 17 = 3 then 'stopped' else status end,
      end_code = case when number % 17 = 3 then 'stopped' else end_code end
    from (select id as known, substr(id, 9)::int as number from training_sessions where id like 'session-%') as numbers
    where id = known`);
  await db.execute(sql`
    update test_scenarios set
      scenario_type = case when number / 200 % 4 = 3 then 'concurrent_requests' else scenario_type end,
      unit = case when number / 200 % 4 = 3 then 'connections' else unit end,
      difficulty = ${sql.raw(`(array['${DIFFICULTIES.join("','")}'])`)}[1 + number % 4],
      description = 'Serve ' || intensity || ' requests/s, number ' || number,
      verdict = said,
      validity = trust,
      results = results || jsonb_build_object('verdict', said, 'validity', trust,
        'evidence', jsonb_set(results->'evidence', '{clauses,0,bad}', to_jsonb(case said when 'failed' then ${BAD} else 0 end)))
    from (
      select id as known, substr(id, 5)::int as number,
        case when substr(id, 5)::int % 11 = 0 then 'undecided' when intensity > 300 then 'failed' else 'passed' end as said,
        case substr(id, 5)::int % 13
          when 1 then '{"status": "suspect", "reasons": ["another program used the processor"]}'::jsonb
          when 2 then '{"status": "invalid", "reasons": ["the load generator could not keep up"]}'::jsonb
          else '{"status": "valid", "reasons": []}'::jsonb end as trust
      from test_scenarios where id like 'run-%'
    ) as numbers
    where id = known`);
  await db.execute(sql`analyze`);
}
