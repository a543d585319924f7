import { describe, expect, it } from 'vitest';
import { currentScenario, NOTHING_RAN, statusLater, statusOf, trainingStatusSchema } from '@hive/contract';
import { scenario, session, status } from './samples.js';

const begun = {
  ...session,
  status: 'running' as const,
  ended_at: null,
  total_scenarios: 0,
  average_performance: null,
};

describe('the status of a session', () => {
  it('that begins is running, with its whole budget', () => {
    expect(statusOf(begun)).toEqual({
      ...NOTHING_RAN,
      running: true,
      session_id: 'ses_1',
      target: 'shop',
      kinds: ['load_balancing'],
      budget_seconds: 120,
      precision: 0.05,
      budget_left_seconds: 120,
    });
  });

  it.each(['completed', 'stopped', 'interrupted', 'failed'] as const)(
    'that is %s says how it stood at its end',
    (over) => {
      expect(statusOf({ ...session, status: over })).toEqual({
        ...NOTHING_RAN,
        session_id: 'ses_1',
        target: 'shop',
        kinds: ['load_balancing'],
        budget_seconds: 120,
        precision: 0.05,
        scenarios_completed: 4,
        average_success_rate: 0.75,
        runtime_seconds: 58.5,
      });
    },
  );

  it('whose end no one saw lasted for nobody knows how long', () => {
    expect(statusOf({ ...session, status: 'interrupted', ended_at: null }).runtime_seconds).toBe(0);
  });

  it('goes on while it runs', () => {
    const later = statusLater(status, 5_000);
    expect(later).toEqual({
      ...status,
      current: { ...status.current, elapsedMs: 5_100 },
      runtime_seconds: 15,
      budget_left_seconds: 105,
    });
    expect(statusLater(statusLater(status, 2_000), 3_000)).toEqual(later);
    expect(statusLater(status, 1e9).budget_left_seconds).toBe(0);
    expect(statusLater({ ...status, budget_left_seconds: null, current: null }, 1_000)).toMatchObject({
      budget_left_seconds: null,
      current: null,
    });
  });

  it('stands still when it is over, and before anything ran', () => {
    for (const still of [statusOf(session), NOTHING_RAN]) expect(statusLater(still, 5_000)).toBe(still);
  });

  it.each([status, statusOf(begun), statusOf(session), NOTHING_RAN])('is one: %#', (one) => {
    expect(trainingStatusSchema.parse(one)).toEqual(one);
  });

  it('shows the scenario that begins with the time it will take', () => {
    expect(currentScenario({ ...scenario, plan: { ...scenario.plan, warmupMs: 1_000 } })).toEqual({
      ...status.current,
      elapsedMs: 0,
      plannedMs: 6_000,
    });
  });
});
