import type {
  Analytics,
  Applied,
  CheckedTarget,
  FinishedSession,
  Heatmap,
  ImportedTarget,
  Mark,
  MetricRow,
  MetricsSummary,
  PracticeState,
  PracticeTruth,
  Prediction,
  Problem,
  ReportFormat,
  RouteParsed,
  SavedTarget,
  ScenarioCounts,
  ScenarioDetail,
  ScenarioPreview,
  ScenarioRow,
  SessionPlan,
  SessionCourse,
  SessionRow,
  Storage,
  Target,
  TargetInput,
  TrainingStatus,
} from '@hive/contract';
import type { MarkFilter, MetricFilter, Page, ScenarioFilter, SessionFilter } from '../store/store.js';
import type { Ticket } from '../identity/identity.js';
import type { Principal } from '../identity/principal.js';
import type { Health } from './check-health.js';
import type { AnalysisRequest } from './metrics/analyse-performance.js';
import type { LiveFigures } from './metrics/live-figures.js';
import type { DescribedRun } from './scenarios/create-scenario.js';
import type { Execution, ExecutionAsked } from './scenarios/execute-scenario.js';
import type { ExportedRuns } from './scenarios/export-scenarios.js';
import type { WantedScenario } from './scenarios/get-scenario.js';
import type { PredictedRun } from './targets/predict-run.js';
import type { KnownLimits } from './targets/target-limits.js';
import type { Compared, StoredComparison } from './training/compare-sessions.js';
import type { ReportFile } from './training/report-session.js';
import type { Following, LiveReader } from './training/follow-live.js';
import type { AccountActions } from './accounts/account-actions.js';
import type { ChannelActions } from './channels/channel-actions.js';
import type { FleetActions } from './fleet/fleet-actions.js';
import type { IncidentActions } from './incidents/incident-actions.js';
import type { ScheduleActions } from './schedules/schedule-actions.js';
import type { Verb } from './verb.js';

export type { Following, LiveFigures, LiveReader, ReportFile };

/** What a caller can do, each bound to the parts that it needs. This is all that the API knows of the server. */
export interface Actions
  extends Reading, ScheduleActions, IncidentActions, ChannelActions, AccountActions, FleetActions {
  describeService: Verb<void, { version: string }>;
  checkHealth: Verb<void, Health>;
  liveFigures: Verb<void, LiveFigures>;
  followLive: Verb<LiveReader, Following>;
  trainingStatus: Verb<void, TrainingStatus>;
  getTicket: Verb<void, Ticket | null>;
  applyDocuments: Verb<RouteParsed<'applyDocuments'>['body'], Applied>;
  createLiveTicket: Verb<void, Ticket>;

  createTarget: Verb<TargetInput, SavedTarget>;
  replaceTarget: Verb<{ id: string; target: TargetInput }, SavedTarget>;
  readTarget: Verb<TargetInput, Target>;
  importTarget: Verb<RouteParsed<'importTarget'>['body'], ImportedTarget>;
  checkInput: Verb<{ target: TargetInput; writes: boolean }, CheckedTarget>;
  checkStored: Verb<{ id: string; writes: boolean }, CheckedTarget>;
  deleteTarget: Verb<string, void>;
  targetTruth: Verb<{ id: string; objective?: string | undefined }, PracticeTruth>;
  setPractice: Verb<{ id: string; capacity: number }, PracticeState>;

  planTraining: Verb<RouteParsed<'trainingPlan'>['query'], SessionPlan>;
  startTraining: Verb<RouteParsed<'startTraining'>['body'], { sessionId: string }>;
  verifyTarget: Verb<RouteParsed<'verify'>['body'], { sessionId: string }>;
  stopTraining: Verb<string | undefined, void>;
  runAnyway: Verb<string | undefined, void>;
  resumeSession: Verb<string, { sessionId: string }>;
  stopAll: Verb<void, void>;
  keepSession: Verb<FinishedSession, SessionRow>;
  setStorage: Verb<RouteParsed<'setStorage'>['body']['keepDays'], Storage>;
  compareSessions: Verb<Compared, StoredComparison>;
  reportSession: Verb<{ id: string; format: ReportFormat }, ReportFile>;
  createMark: Verb<RouteParsed<'createMark'>['body'], Mark>;
  deleteMark: Verb<string, void>;
  generateScenario: Verb<RouteParsed<'generateScenario'>['body'], ScenarioRow>;
  createScenario: Verb<DescribedRun, ScenarioRow>;
  previewScenario: Verb<DescribedRun, ScenarioPreview>;
  executeScenario: Verb<ExecutionAsked, Execution>;
  exportScenarios: Verb<ExportedRuns, ReportFile>;
}

/** The verbs as somebody has them: a role that is limited to some targets sees nothing of others. */
export type ActionsOf = (actor: Principal) => Actions;

/** What needs nothing but what is stored. */
export interface Reading {
  latestMetrics: Verb<MetricFilter, MetricRow[]>;
  summariseMetrics: Verb<string | undefined, MetricsSummary>;
  analysePerformance: Verb<AnalysisRequest, Analytics>;
  listTargets: Verb<string | undefined, Page<Target>>;
  getTarget: Verb<string, Target>;
  targetLimits: Verb<string, KnownLimits>;
  predictRun: Verb<PredictedRun, Prediction>;
  listSessions: Verb<SessionFilter, Page<SessionRow>>;
  getSession: Verb<string, SessionRow & { scenarios: ScenarioRow[]; next: string | null }>;
  sessionCourse: Verb<string, SessionCourse>;
  listScenarios: Verb<ScenarioFilter, Page<ScenarioRow>>;
  countScenarios: Verb<Omit<ScenarioFilter, 'after' | 'limit'>, ScenarioCounts>;
  getScenario: Verb<WantedScenario, ScenarioDetail>;
  scenarioHeatmap: Verb<{ id: string; columns: number }, Heatmap>;
  recentProblems: Verb<number, Problem[]>;
  listMarks: Verb<MarkFilter, Mark[]>;
  storage: Verb<void, Storage>;
}
