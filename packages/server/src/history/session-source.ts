import type { Scenario, ScenarioRow } from '@hive/contract';
import type { ReportSource } from '@hive/report';
import { base64 } from '../base64.js';
import type { Store } from '../store/store.js';
import { findSession } from './find-session.js';

/**
 * A session with all that is stored of it, its executed runs oldest first; without its windows where nobody looks at them. Throws HiveError
 * `not_found`.
 */
export async function sessionSource(
  store: Store,
  id: string,
  { windows: wanted = true }: { windows?: boolean } = {},
): Promise<ReportSource> {
  const session = await findSession(store, id);
  const target = await store.getTarget(session.target_id);
  if (target === null) throw new Error(`session ${id} has no target`);
  const scenarios: ReportSource['scenarios'] = [];
  for (const { row, responseTime, serviceTime } of await store.listResults({ session: id })) {
    if (row.results === null) continue;
    const windows = wanted ? (await store.listWindows(row.id)).filter(({ sessionId }) => sessionId === id) : [];
    scenarios.push({
      startedAt: row.created_at,
      scenario: scenarioOf(row),
      result: row.results,
      responseTime: base64(responseTime),
      serviceTime: base64(serviceTime),
      windows: windows.map((window) => ({ window })),
    });
  }
  return { target, session, scenarios };
}

function scenarioOf(row: ScenarioRow): Scenario {
  const { id, target_id, scenario_type, difficulty, calibrated, description, expected_outcomes, parameters } = row;
  const names = { targetId: target_id, kind: scenario_type, expectedOutcomes: expected_outcomes };
  return { id, ...names, difficulty, calibrated, description, ...parameters };
}
