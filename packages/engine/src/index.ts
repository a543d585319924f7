import { later } from './later.js';

export { realClock, type Clock } from './clock.js';
export type { Blocks, BlockValues } from './importing/target-file/file-blocks.js';
export type { Imported } from './importing/imported.js';
export { checkSecrets, escapeReferences, type Environment } from './safety/secrets.js';
export type { LearnedResult } from './learning/axis.js';
export { makeDirectory } from './make-directory.js';
export type { Load, LoadOrder, Tick, TickPart } from './measuring.js';
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
export { plainScenario } from './execution/plain-scenario.js';
export { runReport, type RunReport } from './execution/run-report.js';
export { predict, predictedCurve } from './training/predict.js';
export { createThreadLoad } from './threads/thread-load.js';
export { generateScenario } from './training/generate-scenario.js';
export type { TrainOptions } from './training/options.js';
export { train } from './training/training.js';
export { verify, type VerifyOptions } from './training/verify.js';
export { checkTargetUrl, placeOf, resolveAllowed, type AllowedAddress } from './safety/addresses.js';
export { demoTarget, DEMO_SETTINGS, type DemoPlace } from './practice/demo-target.js';
export type { Practice } from './practice/practice.js';
export { DISTRIBUTIONS, type Distribution } from './practice/service-times.js';
export { PRACTICE_DEFAULTS, type PracticeSettings } from './practice/settings.js';
export type { Ask } from './checking/ask.js';
export type { Outside } from './execution/outside.js';
export { checkContact, contact } from './checking/contact.js';
export type { FaultApi, FaultApiOptions } from './faults/api.js';
export type { QueueSettings } from './virtual/queue.js';
export type { SharingSettings } from './virtual/sharing.js';
export type { VirtualSurroundings } from './virtual/surroundings.js';

// Loaded when they are first called.
export const fromAccessLog = later(async () => (await import('./importing/logs/access-log.js')).fromAccessLog);
export const fromHar = later(async () => (await import('./importing/har/har.js')).fromHar);
export const fromOpenApi = later(async () => (await import('./importing/openapi/open-api.js')).fromOpenApi);
export const readTargetFile = later(
  async () => (await import('./importing/target-file/target-file.js')).readTargetFile,
);
export const writeTargetFile = later(
  async () => (await import('./importing/target-file/write-target-file.js')).writeTargetFile,
);
export const measureCeiling = later(async () => (await import('./ceiling/measure.js')).measureCeiling);
export const watchOthers = later(async () => (await import('./ceiling/others.js')).watchOthers);
/** For benchmarks: see `sendTimes`. */
export const sendTimes = later(async () => (await import('./ceiling/send-times.js')).sendTimes);
export const startPractice = later(async () => (await import('./practice/practice.js')).startPractice);
export const startFaultApi = later(async () => (await import('./faults/api.js')).startFaultApi);
/** For benchmarks and tests: see `virtualSurroundings`. */
export const virtualSurroundings = later(async () => (await import('./virtual/surroundings.js')).virtualSurroundings);
