import type { Actions, Reading } from './actions/actions.js';
import { checkHealth } from './actions/check-health.js';
import { createLiveTicket } from './actions/create-live-ticket.js';
import { getTicket } from './actions/get-ticket.js';
import { describeService } from './actions/describe-service.js';
import { createMark } from './actions/marks/create-mark.js';
import { deleteMark } from './actions/marks/delete-mark.js';
import { listMarks } from './actions/marks/list-marks.js';
import { setPractice } from './actions/practice/set-practice.js';
import { targetTruth } from './actions/practice/target-truth.js';
import { analysePerformance } from './actions/metrics/analyse-performance.js';
import { latestMetrics } from './actions/metrics/latest-metrics.js';
import { liveFigures } from './actions/metrics/live-figures.js';
import { summariseMetrics } from './actions/metrics/summarise-metrics.js';
import { countScenarios } from './actions/scenarios/count-scenarios.js';
import { createScenario } from './actions/scenarios/create-scenario.js';
import { executeScenario } from './actions/scenarios/execute-scenario.js';
import { exportScenarios } from './actions/scenarios/export-scenarios.js';
import { generateScenario } from './actions/scenarios/generate-scenario.js';
import { getScenario } from './actions/scenarios/get-scenario.js';
import { listScenarios } from './actions/scenarios/list-scenarios.js';
import { previewScenario } from './actions/scenarios/preview-scenario.js';
import { recentProblems } from './actions/scenarios/recent-problems.js';
import { scenarioHeatmap } from './actions/scenarios/scenario-heatmap.js';
import { checkInput, checkStored } from './actions/targets/check-target.js';
import { createTarget } from './actions/targets/create-target.js';
import { deleteTarget } from './actions/targets/delete-target.js';
import { importTarget } from './actions/targets/import-target.js';
import { getTarget } from './actions/targets/get-target.js';
import { getStorage } from './actions/storage/get-storage.js';
import { setStorage } from './actions/storage/set-storage.js';
import { listTargets } from './actions/targets/list-targets.js';
import { predictRun } from './actions/targets/predict-run.js';
import { readTarget } from './actions/targets/read-target.js';
import { replaceTarget } from './actions/targets/replace-target.js';
import { targetLimits } from './actions/targets/target-limits.js';
import { followLive } from './actions/training/follow-live.js';
import { getSession } from './actions/training/get-session.js';
import { sessionCourse } from './actions/training/session-course.js';
import { keepSession } from './actions/training/keep-session.js';
import { listSessions } from './actions/training/list-sessions.js';
import { planTraining } from './actions/training/plan-training.js';
import { resumeSession } from './actions/training/resume-session.js';
import { compareSessions } from './actions/training/compare-sessions.js';
import { reportSession } from './actions/training/report-session.js';
import { startTraining } from './actions/training/start-training.js';
import { runAnyway } from './actions/training/run-anyway.js';
import { stopAll } from './actions/training/stop-all.js';
import { verifyTarget } from './actions/training/verify-target.js';
import { stopTraining } from './actions/training/stop-training.js';
import { trainingStatus } from './actions/training/training-status.js';
import { accountActions, type Callers } from './accounts.js';
import { channelActions } from './channel-parts.js';
import type { Identity } from './identity/identity.js';
import type { Learning } from './history/learned-limits.js';
import type { Learner } from './history/learner/learner.js';
import type { TrafficParts } from './history/traffic.js';
import type { Generator } from './sessions/generator.js';
import type { RunnerParts } from './sessions/runner-parts.js';
import { type SessionRunner } from './sessions/session-runner.js';
import type { Store } from './store/store.js';
import { applyAction } from './bind-apply.js';
import { fleetActions } from './fleet-parts.js';
import { teamActions, type Team } from './team.js';

/** What verbs are bound to. */
export interface ActionParts {
  parts: RunnerParts;
  runner: SessionRunner;
  generator: Generator;
  identity: Identity;
  accounts: Callers;
  version: string;
  team: Team;
  practice: string | null;
  learner: Learner;
}

/** Binds every verb to the parts that it needs. */
export function createActions(given: ActionParts): Actions {
  const { parts, runner, generator, identity, accounts, version, team, practice, learner } = given;
  const { store, bus, clock, log } = parts;
  const now = (): number => clock.wall();
  const { allowTargets } = generator;
  const place = { store, log, allowTargets };
  const learning = { store, cache: bus, version, learner };
  const verbs: Omit<Actions, 'applyDocuments'> = {
    ...createReading({ ...learning, allowTargets: generator.allowTargets, now }),
    describeService: describeService(version),
    checkHealth: checkHealth({ store, bus, clock, runner }),
    getTicket: getTicket(identity),
    createLiveTicket: createLiveTicket(accounts.liveTickets),
    liveFigures: liveFigures({ runner, learning, fleet: generator.fleet }),
    followLive: followLive({ bus, runner, version }),
    trainingStatus: trainingStatus(runner),
    createTarget: createTarget(place, generator),
    replaceTarget: replaceTarget(place, { runner, checking: generator }),
    readTarget: readTarget(),
    importTarget: importTarget(),
    checkInput: checkInput(generator),
    checkStored: checkStored({ store, checking: generator }),
    deleteTarget: deleteTarget({ store, runner, log }),
    targetTruth: targetTruth({ store, practice }),
    setPractice: setPractice({ store, practice, log }),
    planTraining: planTraining({ ...learning, generator }),
    startTraining: startTraining({ store, runner, generator }),
    verifyTarget: verifyTarget({ store, runner, generator }),
    stopTraining: stopTraining({ store, runner }),
    runAnyway: runAnyway({ store, runner }),
    resumeSession: resumeSession({ store, runner, generator }),
    stopAll: stopAll(runner),
    setStorage: setStorage({ store, log }),
    ...fleetActions({ fleet: generator.fleet, log }),
    keepSession: keepSession({ ...parts, ...place }),
    compareSessions: compareSessions({ ...learning, now }),
    reportSession: reportSession({ store, version, now, ceiling: generator.ceiling }),
    createMark: createMark({ store, log, now }),
    deleteMark: deleteMark({ store, log }),
    generateScenario: generateScenario(store),
    createScenario: createScenario(store),
    previewScenario: previewScenario(store),
    exportScenarios: exportScenarios(store),
    executeScenario: executeScenario({ store, runner, generator }),
    ...teamActions({ store, log, now, team }),
    ...channelActions({ store, log, now }, team.channels),
    ...accountActions({
      people: store,
      identity,
      log,
      now,
      ...accounts,
    }),
  };
  return { ...verbs, ...applyAction({ ...place, now, runner, team, auditor: accounts.auditor }) };
}

/** Binds what needs nothing but what is stored. */
export function createReading(learning: Learning & TrafficParts & { store: Store }): Reading {
  const { store } = learning;
  return {
    latestMetrics: latestMetrics(store),
    summariseMetrics: summariseMetrics(learning),
    analysePerformance: analysePerformance(learning),
    listTargets: listTargets(store),
    getTarget: getTarget(store),
    targetLimits: targetLimits(learning),
    predictRun: predictRun(learning),
    listSessions: listSessions(store),
    getSession: getSession(store),
    sessionCourse: sessionCourse(learning),
    listScenarios: listScenarios(store),
    countScenarios: countScenarios(store),
    getScenario: getScenario(store),
    scenarioHeatmap: scenarioHeatmap(store),
    recentProblems: recentProblems(store),
    listMarks: listMarks(store),
    storage: getStorage(store),
  };
}
