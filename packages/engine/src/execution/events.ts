import type {
  Answer,
  EndCode,
  Lesson,
  Limit,
  MachineState,
  Scenario,
  ScenarioResult,
  SessionPlan,
  Window,
} from '@hive/contract';
import type { Spent } from '../allowance.js';

/** What a training session tells while it runs. The server stores and publishes it, the terminal prints it. */
export type TrainingEvent =
  /** What is left to do, and what it costs: as a session begins, and each time that is planned anew. */
  | { type: 'planned'; plan: SessionPlan }
  /** The next scenario is chosen: why, in one sentence. Always followed by `scenario_started`. */
  | { type: 'scenario_chosen'; scenario: Scenario; reason: string }
  | { type: 'scenario_started'; scenario: Scenario; reason: string; plannedMs: number }
  /** Live, every 250 ms: for the eye. */
  | { type: 'window'; window: Window }
  /** Kept, every second, with its encoded histograms (compressed HDR V2, µs). */
  | { type: 'row'; window: Window; responseTime: Uint8Array | null; serviceTime: Uint8Array | null }
  | {
      type: 'scenario_completed';
      scenario: Scenario;
      result: ScenarioResult;
      /** Encoded histograms of the judged part, for merging; null when nothing was measured. */
      responseTime: Uint8Array | null;
      serviceTime: Uint8Array | null;
      /** What the whole session has sent so far, where its target caps that. */
      spent?: Spent;
    }
  /** What a scenario taught, and the limit as it is known now. */
  | { type: 'limit_updated'; limit: Limit; lesson: Lesson }
  | { type: 'alert'; severity: 'info' | 'warning' | 'critical'; text: string }
  /** Others left this machine too little, or it is quiet again; while it is not, again every few seconds. */
  | { type: 'machine'; machine: MachineState }
  | {
      type: 'ended';
      code: EndCode;
      reason: string;
      stopped: boolean;
      limits: Limit[];
      /** Of a session that was asked whether the target carries one load. */
      answer?: Answer;
    };
