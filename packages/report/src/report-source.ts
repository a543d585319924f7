import type { Scenario, ScenarioResult, SessionRow, Target, Window } from '@hive/contract';

/** A session with everything that is kept of it, one that still runs included. */
export interface ReportSource {
  target: Target;
  session: SessionRow;
  /** In the order in which they were executed. */
  scenarios: {
    startedAt: string;
    scenario: Scenario;
    result: ScenarioResult;
    responseTime: string | null;
    serviceTime: string | null;
    windows: { window: Window }[];
  }[];
}
