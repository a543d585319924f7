import type { LiveMessage, MachineState } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointOf } from '../src/live/chart-points.js';
import type { TargetView } from '../src/live/snapshot.js';
import { applyMessage, applySnapshot, beginState, type LiveState } from '../src/live/state.js';
import { hello, limit, message, scenario, session, snapshot, status, view, window } from './message-samples.js';

const NOW = 1_000_000;
const play = (messages: readonly LiveMessage[], from: LiveState = beginState(snapshot(), NOW)): LiveState =>
  messages.reduce((state, one) => applyMessage(state, one, NOW), from);

/** What is shown of a target. */
const shown = (state: LiveState, target = 'practice'): TargetView => {
  const found = state.views[target];
  if (found === undefined) throw new Error(`nothing is shown of ${target}`);
  return found;
};

const started = (seq: number) => message(seq, { type: 'session_started', data: { session: session('session-1') } });
const scenarioStarted = (seq: number, id: string) =>
  message(seq, {
    type: 'scenario_started',
    data: { session_id: 'session-1', scenario: scenario(id), reason: '200 requests/s held: double it' },
  });
const scenarioCompleted = (seq: number, id: string) =>
  message(seq, {
    type: 'scenario_completed',
    data: { session_id: 'session-1', scenario: scenario(id, { completed: true, verdict: 'passed' }) },
  });

describe('one message', () => {
  it('hello gives the status and the place in the feed', () => {
    const state = play([hello(41, status({ running: true, session_id: 's' }))]);
    expect(state).toMatchObject({ seq: 41, reload: false, status: { running: true, session_id: 's' } });
  });

  it('a session that starts is running, and first in the history', () => {
    const state = play([hello(0), started(1)]);
    expect(state.status).toMatchObject({ running: true, session_id: 'session-1', budget_left_seconds: 60 });
    expect(state.sessions.map(({ id }) => id)).toEqual(['session-1']);
  });

  it('a machine that others keep busy is shown until it is quiet again, or the session is over', () => {
    const machine: MachineState = {
      busy: true,
      waiting: true,
      text: 'Others use 1.6 of 2 cores: chromium 0.9. Nothing can be measured now.',
      cores: 2,
      othersCores: 1.6,
      hiveCores: 0.1,
      targetCores: 0.2,
      stealShare: 0,
      throttledShare: 0,
      processes: [{ name: 'chromium', cores: 0.9 }],
    };
    const told = (seq: number, busy: boolean, id = 'session-1') =>
      message(seq, { type: 'machine', data: { session_id: id, target_id: 'shop', machine: { ...machine, busy } } });
    const busy = play([hello(0), started(1), told(2, true), scenarioStarted(3, 'a')]);
    expect(busy.status.machine).toEqual(machine);
    expect(play([told(4, false)], busy).status).not.toHaveProperty('machine');
    expect(play([told(4, true, 'another')], play([hello(0), started(1)])).status).not.toHaveProperty('machine');
    const over = message(5, {
      type: 'session_completed',
      data: { session: { ...session('session-1'), status: 'completed' } },
    });
    expect(play([over], busy).status).not.toHaveProperty('machine');
  });

  it('a scenario that starts is the current one, with its planned time and the reason', () => {
    const state = play([hello(0), started(1), scenarioStarted(2, 'a')]);
    const { status } = state;
    const { scenarios } = shown(state);
    expect(status.current).toMatchObject({ scenario_id: 'a', intensity: 400, elapsedMs: 0, plannedMs: 4_000 });
    expect(status.next_reason).toBe('200 requests/s held: double it');
    expect(scenarios[0]?.completed).toBe(false);
  });

  it('a scenario that is done is current no more, and its row is replaced', () => {
    const state = play([hello(0), started(1), scenarioStarted(2, 'a'), scenarioCompleted(3, 'a')]);
    expect(state.status).toMatchObject({ current: null, scenarios_completed: 1 });
    expect(shown(state).scenarios).toHaveLength(1);
    expect(shown(state).scenarios[0]?.verdict).toBe('passed');
  });

  it('windows become points, oldest first, at most two minutes of them', () => {
    const windows = [0, 60_000, 130_000].map((offset, index) =>
      message(index + 1, { type: 'window', data: window('a', offset) }),
    );
    const state = play([hello(0), ...windows]);
    expect(shown(state).points).toHaveLength(2);
    expect(shown(state).points.at(-1)).toMatchObject({ p50: 20, p95: 40, p99: 50, throughput: 390, offered: 400 });
    expect(state.newest?.scenarioId).toBe('a');
  });

  it('a window without an answer has no percentiles', () => {
    const empty = { ...window('a', 0), responseTimeMs: { ...window('a', 0).responseTimeMs, count: 0 } };
    expect(shown(play([hello(0), message(1, { type: 'window', data: empty })])).points[0]).toMatchObject({
      p50: null,
      p99: null,
    });
  });

  it('a limit replaces the one of its kind on its target alone', () => {
    const of = (seq: number, target_id: string, low: number) =>
      message(seq, { type: 'limit_updated', data: { session_id: 's', target_id, limit: limit(low, 500) } });
    const state = play(
      [hello(0), of(1, 'practice', 100), of(2, 'other', 7), of(3, 'practice', 300)],
      beginState(snapshot({ views: { practice: view(), other: view() } }), NOW),
    );
    expect(shown(state).limits.map(({ low }) => low)).toEqual([300]);
    expect(shown(state, 'other').limits.map(({ low }) => low)).toEqual([7]);
  });

  it('limits leave a trail on their target, oldest first, until the next session starts', () => {
    const of = (seq: number, target_id: string, low: number) =>
      message(seq, { type: 'limit_updated', data: { session_id: 's', target_id, limit: limit(low, 500) } });
    const state = play([hello(0), of(1, 'practice', 100), of(2, 'other', 7), of(3, 'practice', 300)]);
    expect(state.trails['practice']?.map(({ limit }) => limit.low)).toEqual([100, 300]);
    expect(play([started(4)], state).trails['practice']).toBeUndefined();
    const next = message(5, { type: 'session_started', data: { session: session('session-2') } });
    expect(play([next], state).trails).toEqual({});
  });

  it('a session that ends is not running; another session does not end it', () => {
    const ended = (seq: number, id: string) =>
      message(seq, {
        type: 'session_completed',
        data: { session: session(id, { status: 'stopped', total_scenarios: 3 }) },
      });
    const other = play([hello(0), started(1), ended(2, 'session-0')]);
    expect(other.status.running).toBe(true);
    const state = play([ended(3, 'session-1')], other);
    expect(state.status).toMatchObject({ running: false, current: null, scenarios_completed: 3 });
    expect(state.sessions.find(({ id }) => id === 'session-1')?.status).toBe('stopped');
  });

  it('an alert is kept until the next', () => {
    const data = { severity: 'warning' as const, text: 'slow', session_id: null, target_id: null };
    expect(play([hello(0), message(1, { type: 'alert', data })]).alert).toMatchObject({ text: 'slow', seq: 1 });
  });
});

describe('what was lost or told twice', () => {
  it('a message that is known already changes nothing', () => {
    const state = play([hello(0), started(1), scenarioStarted(2, 'a'), scenarioCompleted(3, 'a')]);
    expect(play([scenarioStarted(2, 'a')], state)).toBe(state);
    expect(play([scenarioCompleted(3, 'a')], state)).toBe(state);
  });

  it('a gap asks for a reload, and goes on from its end', () => {
    const state = play([hello(0), message(9, { type: 'gap', data: { from: 1, to: 9 } })]);
    expect(state).toMatchObject({ reload: true, seq: 9 });
    expect(play([started(10)], state).status.running).toBe(true);
  });

  it('skipped windows are no gap', () => {
    const state = play([hello(0), message(8, { type: 'window', data: window('a', 0) })]);
    expect(state).toMatchObject({ reload: false, seq: 8 });
  });

  it('a server that counts from the beginning is a new one: reload, and follow its seq', () => {
    const before = play([hello(0), started(1), scenarioStarted(2, 'a')]);
    const state = play([hello(0)], before);
    expect(state).toMatchObject({ seq: 0, reload: true, newest: null, status: { running: false } });
    expect(play([started(1)], state).status.running).toBe(true);
  });

  it('a snapshot replaces what HTTP tells and keeps the points that came after it', () => {
    const live = play([
      hello(0),
      message(1, { type: 'window', data: window('a', 1_000) }),
      message(2, { type: 'window', data: window('a', 1_250) }),
    ]);
    const stored = pointOf({ ...window('a', 1_000), fromMs: 0, toMs: 1_000 }, true);
    const state = applySnapshot(live, snapshot({ views: { practice: view({ points: [stored] }) } }), NOW);
    expect(shown(state).points).toEqual([stored, shown(live).points[1]]);
    expect(state).toMatchObject({ seq: 2, reload: false });
  });

  it('a target that is not in a snapshot is loaded again when it is looked at', () => {
    const before = beginState(snapshot({ views: { practice: view(), other: view() } }), NOW);
    expect(Object.keys(applySnapshot(before, snapshot(), NOW).views)).toEqual(['practice']);
  });
});

describe('a replay', () => {
  const kinds = fc.constantFrom('window', 'started', 'completed', 'limit', 'updated', 'session', 'ended');
  const news = fc.array(fc.record({ kind: kinds, id: fc.integer({ min: 0, max: 5 }) }), { maxLength: 60 });

  it('of what came after any prefix, overlapping or not, gives the state that was never disconnected', () => {
    fc.assert(
      fc.property(news, fc.nat(), fc.nat(), (bodies, cut, overlap) => {
        const messages = bodies.map(({ kind, id }, index) => toMessage(index + 1, kind, id));
        const heard = cut % (messages.length + 1);
        const since = Math.max(0, heard - (overlap % 5));
        const whole = play([hello(0), ...messages]);
        const before = play([hello(0), ...messages.slice(0, heard)]);
        const again = play([hello(messages.length, whole.status), ...messages.slice(since)], before);
        expect(again).toEqual(whole);
      }),
    );
  });

  it('never goes back', () => {
    fc.assert(
      fc.property(news, (bodies) => {
        let state = play([hello(0)]);
        for (const [index, { kind, id }] of bodies.entries()) {
          const next = play([toMessage(index + 1, kind, id)], state);
          expect(next.seq).toBe((state.seq ?? 0) + 1);
          state = next;
        }
        expect(
          play(
            bodies.map(({ kind, id }, index) => toMessage(index + 1, kind, id)),
            state,
          ),
        ).toBe(state);
      }),
    );
  });
});

function toMessage(seq: number, kind: string, id: number): LiveMessage {
  switch (kind) {
    case 'window':
      return message(seq, { type: 'window', data: window(`scenario-${id}`, seq * 250) });
    case 'started':
      return scenarioStarted(seq, `scenario-${id}`);
    case 'completed':
      return scenarioCompleted(seq, `scenario-${id}`);
    case 'limit':
      return message(seq, {
        type: 'limit_updated',
        data: { session_id: 's', target_id: `target-${id % 2}`, limit: limit(id, id + 10) },
      });
    case 'updated':
      return message(seq, {
        type: 'session_updated',
        data: { status: status({ running: true, session_id: `session-${id}`, scenarios_completed: seq }) },
      });
    case 'session':
      return message(seq, { type: 'session_started', data: { session: session(`session-${id}`) } });
    default:
      return message(seq, {
        type: 'session_completed',
        data: { session: session(`session-${id}`, { status: 'completed' }) },
      });
  }
}
