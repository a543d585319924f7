import { isRamp, type ScenarioRow } from '@hive/contract';
import { csvText } from './csv-text.js';

type Cell = (row: ScenarioRow) => unknown;

/** The columns, units in their names. */
const COLUMNS: readonly [string, Cell][] = [
  ['run', (row) => row.id],
  ['created_at', (row) => row.created_at],
  ['target', (row) => row.target_id],
  ['session', (row) => row.session_id],
  ['kind', (row) => row.scenario_type],
  ['difficulty', (row) => row.difficulty],
  ['intensity', (row) => row.intensity],
  ['unit', (row) => row.unit],
  ['is_ramp', (row) => isRamp(row.parameters)],
  ['outcome', (row) => row.outcome],
  ['verdict', (row) => row.verdict],
  ['validity', (row) => row.validity?.status],
  ['reason', (row) => row.reason],
  ['description', (row) => row.description],
  ['duration_s', (row) => row.execution_time],
  ['success_share', (row) => row.success_rate],
  ['planned_requests', (row) => row.results?.measurement?.counts.planned],
  ['good_requests', (row) => row.results?.measurement?.counts.good],
  ['good_answers_per_second', (row) => row.results?.measurement?.throughputPerSecond],
  ['response_time_p50_ms', (row) => row.results?.measurement?.responseTimeMs.p50],
  ['response_time_p95_ms', (row) => row.results?.measurement?.responseTimeMs.p95],
  ['response_time_p99_ms', (row) => row.results?.measurement?.responseTimeMs.p99],
  ['service_time_p99_ms', (row) => row.results?.measurement?.serviceTimeMs.p99],
  ['seed', (row) => row.parameters.seed],
];

/** One line a run, after a head. */
export async function* runsCsv(pages: AsyncIterable<readonly ScenarioRow[]>): AsyncGenerator<string> {
  yield csvText([COLUMNS.map(([name]) => name)], COLUMNS.length);
  for await (const rows of pages)
    if (rows.length > 0)
      yield csvText(
        rows.map((row) => COLUMNS.map(([, cell]) => cell(row))),
        COLUMNS.length,
      );
}
