import {
  isExecution,
  outcomeOf,
  scenarioSchema,
  type Scenario,
  type ScenarioRow,
  type SessionRow,
} from '@hive/contract';
import type { testScenarios, trainingSessions } from './schema.js';

type StoredScenario = Omit<typeof testScenarios.$inferSelect, 'response_time' | 'service_time'>;
type StoredSession = typeof trainingSessions.$inferSelect;

/** A new row of `test_scenarios`, not yet executed. */
export function toScenarioInsert(
  scenario: Scenario,
  more: { sessionId: string | null; createdAt: Date },
): typeof testScenarios.$inferInsert {
  const { id, targetId, kind, difficulty, description, expectedOutcomes, calibrated, ...parameters } = scenario;
  return {
    id,
    created_at: more.createdAt,
    scenario_type: kind,
    difficulty,
    parameters,
    completed: false,
    target_id: targetId,
    session_id: more.sessionId,
    description,
    expected_outcomes: expectedOutcomes,
    calibrated,
    intensity: scenario.intensity,
    unit: scenario.unit,
  };
}

/** The scenario that {@link toScenarioInsert} took apart. */
export function toScenario(row: StoredScenario): Scenario {
  return scenarioSchema.parse({
    ...row.parameters,
    id: row.id,
    targetId: row.target_id,
    kind: row.scenario_type,
    difficulty: row.difficulty,
    description: row.description,
    expectedOutcomes: row.expected_outcomes,
    calibrated: row.calibrated,
  });
}

export function toScenarioRow(row: StoredScenario): ScenarioRow {
  return { ...row, outcome: outcomeOf(row), created_at: row.created_at.toISOString() };
}

export function toSessionRow(row: StoredSession): SessionRow {
  return {
    ...row,
    mode: modeOf(row),
    started_at: row.started_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}

/** What a session is for; sessions of 0.1.0 did not say it. */
export function modeOf({ id, mode }: Pick<StoredSession, 'id' | 'mode'>): SessionRow['mode'] {
  return mode ?? (isExecution(id) ? 'run' : 'train');
}

export function toSessionInsert(session: SessionRow): typeof trainingSessions.$inferInsert {
  return {
    ...session,
    started_at: new Date(session.started_at),
    ended_at: session.ended_at === null ? null : new Date(session.ended_at),
  };
}
