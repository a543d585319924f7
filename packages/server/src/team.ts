import { DEFAULT_TOLERANCE, incidentSchema, type Comparison, type Incident } from '@hive/contract';
import { acknowledgeIncident } from './actions/incidents/acknowledge-incident.js';
import { createMaintenance, deleteMaintenance } from './actions/incidents/create-maintenance.js';
import { createRule } from './actions/incidents/create-rule.js';
import { deleteRule } from './actions/incidents/delete-rule.js';
import { getIncident } from './actions/incidents/get-incident.js';
import type { IncidentActions } from './actions/incidents/incident-actions.js';
import { listIncidents } from './actions/incidents/list-incidents.js';
import { listMaintenance } from './actions/incidents/list-maintenance.js';
import { getRule, listRules } from './actions/incidents/list-rules.js';
import { muteIncident } from './actions/incidents/mute-incident.js';
import { noteIncident } from './actions/incidents/note-incident.js';
import { replaceRule } from './actions/incidents/replace-rule.js';
import { analysePerformance } from './actions/metrics/analyse-performance.js';
import type { Learner } from './history/learner/learner.js';
import { auditedVerb, type Auditor } from './actions/audit/audited.js';
import { createSchedule } from './actions/schedules/create-schedule.js';
import { deleteSchedule } from './actions/schedules/delete-schedule.js';
import { listChecks } from './actions/schedules/list-checks.js';
import { getSchedule, listSchedules } from './actions/schedules/list-schedules.js';
import { replaceSchedule } from './actions/schedules/replace-schedule.js';
import { runSchedule } from './actions/schedules/run-schedule.js';
import type { ScheduleActions } from './actions/schedules/schedule-actions.js';
import { executeScenario } from './actions/scenarios/execute-scenario.js';
import { generateScenario } from './actions/scenarios/generate-scenario.js';
import { targetLimits } from './actions/targets/target-limits.js';
import { compareSessions } from './actions/training/compare-sessions.js';
import { startTraining } from './actions/training/start-training.js';
import { verifyTarget } from './actions/training/verify-target.js';
import type { ChannelKit } from './channel-parts.js';
import { createDeliverer, SENDING_GRACE_MS } from './channels/deliverer.js';
import type { WeekParts } from './channels/weekly/week-news.js';
import { createWeeklyMails } from './channels/weekly/weekly-mails.js';
import { createCheckLane } from './checks/check-lane.js';
import { whoMayRun } from './identity/principal.js';
import { createWatcher } from './incidents/watcher.js';
import type { Log } from './log.js';
import { createScheduler, type Scheduler } from './schedules/scheduler.js';
import { scheduledWork } from './schedules/scheduled-work.js';
import type { Generator } from './sessions/generator.js';
import { decodeNews, LIVE_TOPIC, publish } from './sessions/live-topic.js';
import type { RunnerParts } from './sessions/runner-parts.js';
import type { SessionRunner } from './sessions/session-runner.js';
import { withinMs } from './sessions/within.js';
import type { Store } from './store/store.js';

/** How a message that was broken off ended is kept within this time. */
const KEEPING_MS = 500;
/**
 * Longer than what is being sent may take, else the store would close under it; and half of what all parts have, so that others can close.
 * Where the store does not answer nothing is lost by not waiting.
 */
const CLOSING_MS = SENDING_GRACE_MS + KEEPING_MS;

/** What Hive does by itself, day and night. */
export interface Team {
  scheduler: Scheduler;
  /** Tells of incidents that changed. */
  changed: (incidents: Incident[]) => Promise<void>;
  channels: ChannelKit;
  close(): Promise<void>;
}

interface Given {
  parts: RunnerParts;
  runner: SessionRunner;
  generator: Generator;
  version: string;
  auditor: Auditor;
  channels: ChannelKit;
  learner: Learner;
}

/** Puts together what works by itself. It begins at once. */
export async function createTeam(given: Given): Promise<Team> {
  const { parts, runner, generator, auditor, channels } = given;
  const { store, bus, clock, log } = parts;
  const show = (data: Incident): Promise<void> => publish(parts, { type: 'incident_changed', data });
  const deliverer = createDeliverer({
    store,
    clock,
    log,
    send: channels.send,
    publicUrl: channels.publicUrl,
    async onEnded(incidentId) {
      const found = await store.getIncident(incidentId);
      if (found !== null) await show(incidentSchema.parse(found));
    },
  });
  const changed = async (incidents: Incident[]): Promise<void> => {
    deliverer.kick();
    for (const incident of incidents) await show(incident);
  };
  const asked = askedOf(given);
  const watcher = createWatcher({ store, clock, log, fleet: generator.fleet, changed, ...watching(asked) });
  const { sendMail, publicUrl } = channels;
  const weekly = createWeeklyMails({ store, clock, log, sendMail, publicUrl, ...asked });
  /** What was measured is kept, whatever becomes of the rules. */
  const tell = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) =>
      log.warn({ err: error }, 'rules could not be applied; the next result is tried again'),
    );
  const lane = createCheckLane({
    ...parts,
    checking: generator,
    fleet: generator.fleet,
    status: () => runner.status(),
    onCheck: (check) => tell(watcher.onCheck(check)),
  });
  const work = scheduledWork({
    store,
    clock,
    check: (target, asked) => lane.check(target, asked),
    startTraining: auditedVerb(startTraining({ store, runner, generator }), { name: 'startTraining', auditor }),
    verifyTarget: auditedVerb(verifyTarget({ store, runner, generator }), { name: 'verifyTarget', auditor }),
    generateScenario: generateScenario(store),
    executeScenario: auditedVerb(executeScenario({ store, runner, generator }), { name: 'executeScenario', auditor }),
  });
  const onEnded = ({ target }: { target: string }): Promise<void> => tell(watcher.onMeasured(target));
  const scheduler = createScheduler({ store, clock, log, work, onEnded });
  const heard = await bus.subscribe(LIVE_TOPIC, (_, payload) => {
    const { type, target } = decodeNews(payload).addressing;
    if (type === 'session_completed' && target !== null) void tell(watcher.onMeasured(target));
  });
  return {
    scheduler,
    changed,
    channels,
    async close() {
      const closing = [heard, scheduler, watcher, deliverer, weekly].map((part) => part.close());
      if (!(await withinMs(clock, Promise.all(closing), CLOSING_MS)))
        log.warn({}, 'what works by itself waits for a store or bus that does not answer, and was left');
    },
  };
}

/** What is asked beyond the store, for whoever runs the machine. */
interface Asked extends Pick<WeekParts, 'analyse' | 'limits'> {
  compare(sessionId: string): Promise<Comparison>;
}

function askedOf({ parts, generator, version, learner }: Given): Asked {
  const { store, bus: cache, clock } = parts;
  const actor = whoMayRun('rules', 'the rules of incidents');
  const now = (): number => clock.wall();
  const learning = { store, cache, version, learner };
  const limits = targetLimits({ ...learning, allowTargets: generator.allowTargets, now });
  const compare = compareSessions({ ...learning, now });
  const analyse = analysePerformance(learning);
  return {
    limits: (id) => limits(actor, id),
    compare: (b) => compare(actor, { b, tolerance: DEFAULT_TOLERANCE }),
    analyse: (target) => analyse(actor, { target }),
  };
}

/** What rules ask. */
function watching({ limits, compare }: Asked): Pick<Parameters<typeof createWatcher>[0], 'headroom' | 'compare'> {
  return { compare, headroom: async ({ id }) => (await limits(id)).traffic };
}

/** Binds the verbs of what works by itself. */
export function teamActions(parts: {
  store: Store;
  log: Log;
  now: () => number;
  team: Team;
}): ScheduleActions & IncidentActions {
  const { store, team } = parts;
  const changing = { ...parts, changed: () => team.scheduler.kick() };
  const telling = { ...parts, changed: (incidents: Incident[]) => team.changed(incidents) };
  return {
    listSchedules: listSchedules(parts),
    getSchedule: getSchedule(parts),
    createSchedule: createSchedule(changing),
    replaceSchedule: replaceSchedule(changing),
    deleteSchedule: deleteSchedule(changing),
    runSchedule: runSchedule({ ...parts, scheduler: team.scheduler }),
    listChecks: listChecks(parts),
    listRules: listRules(store),
    getRule: getRule(store),
    createRule: createRule(telling),
    replaceRule: replaceRule(telling),
    deleteRule: deleteRule(telling),
    listIncidents: listIncidents(store),
    getIncident: getIncident(store),
    acknowledgeIncident: acknowledgeIncident(telling),
    muteIncident: muteIncident(telling),
    noteIncident: noteIncident(telling),
    listMaintenance: listMaintenance(store),
    createMaintenance: createMaintenance(parts),
    deleteMaintenance: deleteMaintenance(parts),
  };
}
