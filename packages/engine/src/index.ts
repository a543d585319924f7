import { later } from './later.js';

export type { Spent } from './allowance.js';
export { realClock, type Clock } from './clock.js';
export type { Blocks, BlockValues } from './importing/target-file/file-blocks.js';
export { isCurl } from './curl-command.js';
export { isPostman } from './importing/postman/is-postman.js';
export type { Imported } from './importing/imported.js';
export { isRead } from './safety/reads.js';
export { createMask, type Mask } from './safety/mask.js';
export {
  checkSecrets,
  escapeReferences,
  fillIn,
  neededNames,
  referencesIn,
  resolveSecrets,
  valueOf,
  type Environment,
} from './safety/secrets.js';
export { readTls } from './safety/tls-material.js';
export type { LearnedResult } from './learning/axis.js';
export { makeDirectory } from './make-directory.js';
export type { GroupCounts, LostGenerator, Load, LoadOrder, Split, Tick, TickPart } from './measuring.js';
export { plannedUntil } from './load/plan.js';
export { partOf } from './load/split.js';
export { groupOf, joinConsecutive, joinThreads } from './metrics/merge.js';
export { TickQueue } from './threads/tick-queue.js';
export { newAllowance, spend, spentOf, whatIsSpent, type SharedAllowance } from './allowance.js';
export { UNKNOWN_MACHINE } from './machine/machine-watch.js';
export { mergeHistograms, mergeLatency } from './metrics/collector.js';
export { readHistogram, type HistogramReading } from './metrics/read-histogram.js';
export { learnLimits } from './training/axes.js';
export { ceilingFor, warnAboveCeiling } from './ceiling/ceiling.js';
export { keepCeiling, readCeiling } from './ceiling/kept-ceiling.js';
export type { DoctorOptions } from './ceiling/measure.js';
export { checkHold } from './training/planning/asked-hold.js';
export { checkBudget } from './training/planning/check-budget.js';
export { planSession } from './training/planning/plan.js';
export type { TrainingEvent } from './execution/events.js';
export { execute, type Executed } from './execution/execute.js';
export { hidingSecrets } from './execution/ticks.js';
export { plainScenario } from './execution/plain-scenario.js';
export { runReport, type RunReport } from './execution/run-report.js';
export { headroomOf } from './training/headroom.js';
export { predict, predictedCurve } from './training/predict.js';
export { readPeak } from './watching/peak.js';
export { createThreadLoad, type PreparedLoad, type ThreadLoad } from './threads/thread-load.js';
export { generateScenario } from './training/generate-scenario.js';
export { askedBounds } from './training/planning/asked-plan.js';
export type { TrainOptions } from './training/options.js';
export { admit } from './execution/guarding/admit.js';
export { runAlone } from './execution/guarding/run-alone.js';
export { train } from './training/training.js';
export { checkVerify, verify, type VerifyOptions } from './training/questions/verify.js';
export {
  comparePairs,
  comparingSeconds,
  COMPARED_RUN,
  type ComparePairsOptions,
  type ComparingEvent,
} from './training/questions/compare-pairs.js';
export { compareLimits, type LimitPair, type LimitRules } from './comparing/own-limits.js';
export { compareRuns, runFigures, type Pair, type PairRules, type RunFigures } from './comparing/runs.js';
export { dropOf, scatterOf, stepsOf, type Drop, type PastLimit, type Step } from './comparing/history.js';
export { resolveOutbound, type OutboundAllow } from './safety/outbound.js';
export { checkTargetUrl, placeOf, resolveAllowed, type AllowedAddress } from './safety/addresses.js';
export { demoTarget, DEMO_SETTINGS, type DemoPlace } from './practice/demo-target.js';
export type { Practice } from './practice/practice.js';
export { DISTRIBUTIONS, type Distribution } from './practice/service-times.js';
export { PRACTICE_DEFAULTS, type PracticeSettings } from './practice/settings.js';
export type { Ask } from './checking/ask.js';
export type { Outside } from './execution/outside.js';
export { checkContact, contact } from './checking/contact.js';
export { certificateDays } from './checking/certificate.js';
export { askInTurn, type AskedInTurn } from './checking/in-turn.js';
export type { FaultApi, FaultApiOptions } from './faults/api.js';
export type { QueueSettings } from './virtual/queue.js';
export type { SharingSettings } from './virtual/sharing.js';
export type { VirtualSurroundings } from './virtual/surroundings.js';

// Loaded when they are first called.
export const fromAccessLog = later(async () => (await import('./importing/logs/access-log.js')).fromAccessLog);
export const readInput = later(async () => (await import('./importing/open-input.js')).readInput);
export const readCurl = later(async () => (await import('./importing/curl/curl.js')).readCurl);
export const fromCurl = later(async () => (await import('./importing/curl/from-curl.js')).fromCurl);
export const fromPostman = later(async () => (await import('./importing/postman/postman.js')).fromPostman);
export const fromHar = later(async () => (await import('./importing/har/har.js')).fromHar);
export const fromOpenApi = later(async () => (await import('./importing/openapi/open-api.js')).fromOpenApi);
export const readTargetFile = later(
  async () => (await import('./importing/target-file/target-file.js')).readTargetFile,
);
export const writeTargetFile = later(
  async () => (await import('./importing/target-file/write-target-file.js')).writeTargetFile,
);
export const readDocumentFile = later(async () => (await import('./importing/document-file.js')).readDocumentFile);
export const readScenarioFile = later(async () => (await import('./importing/scenario-file.js')).readScenarioFile);
export const writeDocument = later(async () => (await import('./importing/write-document.js')).writeDocument);
export const measureCeiling = later(async () => (await import('./ceiling/measure.js')).measureCeiling);
export const watchOthers = later(async () => (await import('./ceiling/others.js')).watchOthers);
/** For benchmarks: see `sendTimes`. */
export const sendTimes = later(async () => (await import('./ceiling/send-times.js')).sendTimes);
export const startPractice = later(async () => (await import('./practice/practice.js')).startPractice);
export const startFaultApi = later(async () => (await import('./faults/api.js')).startFaultApi);
/** For benchmarks and tests: see `virtualSurroundings`. */
export const virtualSurroundings = later(async () => (await import('./virtual/surroundings.js')).virtualSurroundings);
