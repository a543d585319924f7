import type {
  Analytics,
  CheckedTarget,
  FinishedSession,
  Limit,
  MetricRow,
  MetricsSummary,
  Prediction,
  Problem,
  ReportFormat,
  RouteParsed,
  SavedTarget,
  ScenarioDetail,
  ScenarioRow,
  SessionPlan,
  SessionRow,
  Storage,
  Target,
  TargetInput,
  TrainingStatus,
} from '@hive/contract';
import type { MetricFilter, Page, ScenarioFilter, SessionFilter } from '../store/store.js';
import type { Health } from './check-health.js';
import type { AnalysisRequest } from './metrics/analyse-performance.js';
import type { LiveFigures } from './metrics/live-figures.js';
import type { Execution } from './scenarios/execute-scenario.js';
import type { WantedScenario } from './scenarios/get-scenario.js';
import type { PredictedRun } from './targets/predict-run.js';
import type { ReportFile } from './training/report-session.js';
import type { Following, LiveReader } from './training/follow-live.js';
import type { Verb } from './verb.js';

export type { Following, LiveReader, ReportFile };

/** What a caller can do, each bound to the parts that it needs. This is all that the API knows of the server. */
export interface Actions extends Reading {
  describeService: Verb<void, { version: string }>;
  checkHealth: Verb<void, Health>;
  liveFigures: Verb<void, LiveFigures>;
  followLive: Verb<LiveReader, Following>;
  trainingStatus: Verb<void, TrainingStatus>;

  createTarget: Verb<TargetInput, SavedTarget>;
  replaceTarget: Verb<{ id: string; target: TargetInput }, SavedTarget>;
  checkInput: Verb<{ target: TargetInput; writes: boolean }, CheckedTarget>;
  checkStored: Verb<{ id: string; writes: boolean }, CheckedTarget>;
  deleteTarget: Verb<string, void>;

  planTraining: Verb<RouteParsed<'trainingPlan'>['query'], SessionPlan>;
  startTraining: Verb<RouteParsed<'startTraining'>['body'], { sessionId: string }>;
  stopTraining: Verb<string | undefined, void>;
  runAnyway: Verb<string | undefined, void>;
  resumeSession: Verb<string, { sessionId: string }>;
  stopAll: Verb<void, void>;
  keepSession: Verb<FinishedSession, SessionRow>;
  setStorage: Verb<RouteParsed<'setStorage'>['body']['keepDays'], Storage>;
  reportSession: Verb<{ id: string; format: ReportFormat }, ReportFile>;
  generateScenario: Verb<RouteParsed<'generateScenario'>['body'], ScenarioRow>;
  executeScenario: Verb<string, Execution>;
}

/** What needs nothing but what is stored. */
export interface Reading {
  latestMetrics: Verb<MetricFilter, MetricRow[]>;
  summariseMetrics: Verb<string | undefined, MetricsSummary>;
  analysePerformance: Verb<AnalysisRequest, Analytics>;
  listTargets: Verb<void, Target[]>;
  getTarget: Verb<string, Target>;
  targetLimits: Verb<string, Limit[]>;
  predictRun: Verb<PredictedRun, Prediction>;
  listSessions: Verb<SessionFilter, Page<SessionRow>>;
  getSession: Verb<string, SessionRow & { scenarios: ScenarioRow[] }>;
  listScenarios: Verb<ScenarioFilter, Page<ScenarioRow>>;
  getScenario: Verb<WantedScenario, ScenarioDetail>;
  recentProblems: Verb<number, Problem[]>;
  storage: Verb<void, Storage>;
}
