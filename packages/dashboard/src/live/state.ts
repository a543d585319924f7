import {
  currentScenario,
  statusLater,
  statusOf,
  type Fleet,
  type Incident,
  type Lesson,
  type Limit,
  type LiveData,
  type LiveMessage,
  type Outcome,
  type ScenarioRow,
  type ServiceCheck,
  type SessionRow,
  type TrainingStatus,
  type Window,
} from '@hive/contract';
import { addPoint, joinPoints, pointOf } from './chart-points';
import { MOST_SCENARIOS, MOST_SESSIONS, type Snapshot, type TargetView } from './snapshot';

export type Alert = LiveData<'alert'> & { seq: number };

/** Limits that are kept of one session: more than a session of ten minutes tells. */
const MOST_TOLD = 200;

/** A limit as it was told, and what taught it; null where another process measured. */
export interface TrailStep {
  limit: Limit;
  lesson: Lesson | null;
  /** Of the run that taught it; null where it is not known. */
  outcome: Outcome | null;
}

/** Everything the page shows: a snapshot, and what the live feed told since. */
export interface LiveState extends Snapshot {
  /** Of the newest message that was applied; null before the first `hello`. */
  seq: number | null;
  /** When `status` was true, on the clock that was passed in, ms. */
  statusAtMs: number;
  /** Of the running scenario, or of the one before. */
  newest: Window | null;
  /** The last one only: the page tells it once. */
  alert: Alert | null;
  /** How the intervals of the newest session closed in: by target, each limit as it was told, oldest first. */
  trails: Record<string, TrailStep[]>;
  /** The load generators on other machines, as the feed told them last; null: it told nothing yet. */
  fleet: Fleet | null;
  /** The newest check, and the incident that changed last, as the feed told them; null: it told none yet. */
  checked: ServiceCheck | null;
  incident: Incident | null;
  /** Messages were lost, or the server is a new one: reload by HTTP. */
  reload: boolean;
}

/** The state before the feed said anything. */
export function beginState(snapshot: Snapshot, nowMs: number): LiveState {
  return {
    ...snapshot,
    seq: null,
    statusAtMs: nowMs,
    newest: null,
    alert: null,
    trails: {},
    fleet: null,
    checked: null,
    incident: null,
    reload: false,
  };
}

/** Takes over a newer snapshot. What only the feed tells stays: its seq, and the newest points of the chart. */
export function applySnapshot(state: LiveState, snapshot: Snapshot, nowMs: number): LiveState {
  const views = Object.entries(snapshot.views).map(([target, view]): [string, TargetView] => [
    target,
    { ...view, points: joinPoints(view.points, state.views[target]?.points ?? []) },
  ]);
  return {
    ...state,
    ...snapshot,
    // A view that is not in it may have missed something: it is loaded again when it is looked at.
    views: Object.fromEntries(views),
    statusAtMs: nowMs,
    reload: false,
  };
}

/**
 * Applies one message. Pure. One whose seq is not newer changes nothing, so a replay may overlap with what is known.
 * `nowMs` is the reader's own clock, on which a running scenario's progress is drawn.
 */
export function applyMessage(state: LiveState, message: LiveMessage, nowMs: number): LiveState {
  if (message.type === 'hello') return greet(state, message, nowMs);
  if (state.seq !== null && message.seq <= state.seq) return state;
  return { ...applyNews(state, message, nowMs), seq: message.seq };
}

/** A `hello` with a higher seq than ours announces a replay: the messages to come tell more than its status. */
function greet(state: LiveState, { seq, data }: Extract<LiveMessage, { type: 'hello' }>, nowMs: number): LiveState {
  if (state.seq !== null && seq >= state.seq) return state;
  const restarted = state.seq !== null;
  return {
    ...state,
    seq,
    status: data.status,
    statusAtMs: nowMs,
    newest: restarted ? null : state.newest,
    views: restarted ? withoutPoints(state.views) : state.views,
    reload: state.reload || restarted,
  };
}

function withoutPoints(views: LiveState['views']): LiveState['views'] {
  return Object.fromEntries(Object.entries(views).map(([target, view]) => [target, { ...view, points: [] }]));
}

function applyNews(state: LiveState, message: Exclude<LiveMessage, { type: 'hello' }>, nowMs: number): LiveState {
  switch (message.type) {
    case 'window':
      return { ...withPoint(state, message.data, false), newest: message.data };
    case 'window_kept':
      return withPoint(state, message.data, true);
    case 'session_started': {
      const { session } = message.data;
      return {
        ...withSession(state, session),
        newest: null,
        trails: {},
        status: statusOf(session),
        statusAtMs: nowMs,
      };
    }
    case 'session_updated':
      return { ...state, status: message.data.status, statusAtMs: nowMs };
    case 'session_completed':
      return completeSession(state, message.data.session);
    case 'scenario_started':
      return startScenario(state, message.data, nowMs);
    case 'scenario_completed':
      return completeScenario(state, message.data.scenario);
    case 'limit_updated': {
      const { target_id: target, limit, lesson = null } = message.data;
      const taught = state.views[target]?.scenarios.find(({ id }) => id === lesson?.scenario_id);
      const step: TrailStep = { limit, lesson, outcome: taught?.outcome ?? null };
      return {
        ...withView(state, target, ({ limits }) => ({ limits: putLimit(limits, limit) })),
        trails: { ...state.trails, [target]: [...(state.trails[target] ?? []), step].slice(-MOST_TOLD) },
      };
    }
    case 'machine':
      return { ...state, status: withMachine(state.status, message.data) };
    case 'alert':
      return { ...state, alert: { ...message.data, seq: message.seq } };
    case 'fleet_updated':
      return { ...state, fleet: message.data };
    case 'check_completed':
      return { ...state, checked: message.data };
    case 'incident_changed':
      return { ...state, incident: message.data };
    case 'gap':
      return { ...state, reload: true };
  }
}

/** A machine that is quiet again is not mentioned any more. */
function withMachine(status: TrainingStatus, { session_id, machine }: LiveData<'machine'>): TrainingStatus {
  if (status.session_id !== session_id) return status;
  const { machine: _, ...rest } = status;
  return machine.busy ? { ...rest, machine } : rest;
}

function startScenario(state: LiveState, data: LiveData<'scenario_started'>, nowMs: number): LiveState {
  const { scenario, session_id, reason } = data;
  const current = currentScenario({ ...scenario, kind: scenario.scenario_type, plan: scenario.parameters.plan });
  const status = statusLater(state.status, nowMs - state.statusAtMs);
  return {
    ...withScenario(state, scenario),
    status: { ...status, running: true, session_id, target: scenario.target_id, current, next_reason: reason },
    statusAtMs: nowMs,
  };
}

function completeScenario(state: LiveState, scenario: ScenarioRow): LiveState {
  const current = state.status.current?.scenario_id === scenario.id ? null : state.status.current;
  // Counted once, also when a snapshot that was under way has it already. An aborted one is not counted: it says nothing.
  const seen = state.views[scenario.target_id]?.scenarios ?? [];
  const known = seen.some(({ id, completed }) => id === scenario.id && completed);
  const counts = !known && scenario.completed && scenario.session_id === state.status.session_id;
  return {
    ...withScenario(state, scenario),
    status: { ...state.status, current, scenarios_completed: state.status.scenarios_completed + (counts ? 1 : 0) },
  };
}

function completeSession(state: LiveState, session: SessionRow): LiveState {
  const told = withSession(state, session);
  return state.status.session_id === session.id ? { ...told, status: statusOf(session) } : told;
}

/** Changes what is shown of a target, where it is looked at; what is not loaded is not begun in the middle. */
function withView(state: LiveState, target: string, change: (view: TargetView) => Partial<TargetView>): LiveState {
  const view = state.views[target];
  if (view === undefined) return state;
  return { ...state, views: { ...state.views, [target]: { ...view, ...change(view) } } };
}

function withPoint(state: LiveState, window: Window, kept: boolean): LiveState {
  return withView(state, window.targetId, ({ points }) => ({ points: addPoint(points, pointOf(window, kept)) }));
}

function withScenario(state: LiveState, scenario: ScenarioRow): LiveState {
  return withView(state, scenario.target_id, ({ scenarios }) => ({
    scenarios: putFirst(scenarios, scenario, MOST_SCENARIOS),
  }));
}

function withSession(state: LiveState, session: SessionRow): LiveState {
  const sessions = putFirst(state.sessions, session, MOST_SESSIONS);
  return withView({ ...state, sessions }, session.target_id, (view) => ({
    sessions: putFirst(view.sessions, session, MOST_SESSIONS),
  }));
}

/** A known row is replaced where it stands; a new one comes first. */
function putFirst<Row extends { id: string }>(rows: readonly Row[], row: Row, most: number): Row[] {
  if (rows.some(({ id }) => id === row.id)) return rows.map((other) => (other.id === row.id ? row : other));
  return [row, ...rows].slice(0, most);
}

function putLimit(limits: readonly Limit[], limit: Limit): Limit[] {
  if (limits.some(({ kind }) => kind === limit.kind)) {
    return limits.map((other) => (other.kind === limit.kind ? limit : other));
  }
  return [...limits, limit];
}
