import { END_CODES, foundNothing } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { standingOf } from '../src/live/standing.js';
import { applyMessage, beginState } from '../src/live/state.js';
import { endOf } from '../src/panels/session-badge.js';
import { BUDGETS, CONTINUOUS, planQuery, shownForm } from '../src/panels/measurement-form.js';
import { saySession } from '../src/panels/say-session.js';
import { difficultyOf, sayOutcomes, spanOf } from '../src/panels/status-row.js';
import { furtherDoubts } from '../src/panels/verdict-badge.js';
import {
  hello,
  limit,
  message,
  scenario,
  session,
  snapshot,
  status,
  summary,
  view,
  window,
} from './message-samples.js';

const NOW = 1_000_000;
const over = session('session-0', { status: 'completed', total_scenarios: 7, successful_scenarios: 5 });
const counted = summary('session-0', { scenarios: 7, successes: 5, outcomes: { passed: 5, failed: 1, ramp: 1 } });
/** A session on the practice target is over; of another target nothing is known. */
const after = beginState(
  snapshot({
    status: status({ session_id: 'session-0', target: 'practice', scenarios_completed: 7 }),
    views: {
      practice: view({
        sessions: [over],
        summary: counted,
        scenarios: [scenario('a', { session_id: 'session-0', outcome: 'passed' })],
        points: [],
        limits: [limit(300, 400)],
      }),
      other: view(),
    },
  }),
  NOW,
);
const begun = applyMessage(
  applyMessage(after, hello(0, after.status), NOW),
  message(1, { type: 'session_started', data: { session: session('session-1') } }),
  NOW,
);

describe('how a target stands', () => {
  it('counts the runs of its session, and says how they went', () => {
    const standing = standingOf(after, 'practice');
    expect([standing.status.scenarios_completed, sayOutcomes(standing), spanOf(standing)]).toEqual([
      7,
      '5 passed · 1 failed · 1 ramp',
      'last session',
    ]);
    expect(difficultyOf(standing)).toEqual({ value: 'medium', note: '400 requests/s · last run' });
  });

  it('begins at zero with a session', () => {
    const standing = standingOf(begun, 'practice');
    expect(standing).toMatchObject({ summary: null, last: null, newest: null });
    expect([standing.status.scenarios_completed, sayOutcomes(standing), spanOf(standing)]).toEqual([
      0,
      '',
      'this session',
    ]);
    expect(difficultyOf(standing).value).toBe('–');
  });

  it('has nothing of another target', () => {
    const told = applyMessage(begun, message(2, { type: 'window', data: window('b', 0) }), NOW);
    expect(standingOf(told, 'practice').newest).not.toBeNull();
    expect(told.views['practice']?.points).toHaveLength(1);
    expect(told.views['other']).toEqual(view());
    for (const target of ['other', 'unloaded', null]) {
      const standing = standingOf(told, target);
      expect(standing).toMatchObject({ summary: null, newest: null, last: null });
      expect(spanOf(standing)).toBe('nothing measured yet');
    }
  });

  it('is of its own last session, while another target has the newest', () => {
    const elsewhere = session('session-2', { target_id: 'other', status: 'completed', total_scenarios: 2 });
    const state = applyMessage(
      { ...after, seq: 0 },
      message(1, { type: 'session_started', data: { session: { ...elsewhere, status: 'running' } } }),
      NOW,
    );
    expect(standingOf(state, 'other').status).toMatchObject({ running: true, session_id: 'session-2' });
    expect(standingOf(state, 'practice').status).toMatchObject({ running: false, scenarios_completed: 7 });
  });

  it('names a ramp, and gives it no load', () => {
    const { parameters } = scenario('c');
    const ramp = scenario('c', {
      session_id: 'session-1',
      parameters: {
        ...parameters,
        plan: { ...parameters.plan, chirp: { shares: [0.01], latencySeconds: 0.25, gentle: false } },
      },
    });
    const started = message(2, {
      type: 'scenario_started',
      data: { session_id: 'session-1', scenario: ramp, reason: 'to begin with' },
    });
    const running = applyMessage(begun, started, NOW);
    expect(difficultyOf(standingOf(running, 'practice')).value).toBe('ramp');
    const done = { ...ramp, completed: true, verdict: 'failed' as const, outcome: 'ramp' as const };
    const completed = message(3, { type: 'scenario_completed', data: { session_id: 'session-1', scenario: done } });
    const taught = applyMessage(running, completed, NOW);
    expect(difficultyOf(standingOf(taught, 'practice'))).toEqual({ value: 'ramp', note: 'last run' });
    const lesson = { scenario_id: 'c', verdict: 'failed' as const, predictedFailure: null, informationBits: 2 };
    const learned = message(4, {
      type: 'limit_updated',
      data: {
        session_id: 'session-1',
        target_id: 'practice',
        limit: limit(300, 400),
        lesson: { ...lesson, before: limit(1, 9_000) },
      },
    });
    expect(applyMessage(taught, learned, NOW).trails['practice']?.[0]?.outcome).toBe('ramp');
  });
});

describe('a session in words', () => {
  it('adds up', () => {
    const said = saySession(
      { ...over, average_performance: 0.857, runtime_seconds: 95, ended_at: over.started_at },
      status(),
    );
    expect(said).toBe('7 runs · 5 passed · 85.7 % of requests good · 1:35 min');
  });

  it.each([
    ['completed', 'goal', 'completed'],
    ['completed', null, 'completed'],
    ['completed', 'budget', 'out of time'],
    ['completed', 'target_unreachable', 'target unreachable'],
    ['failed', 'target_unreachable', 'target unreachable'],
    ['completed', 'did_not_recover', 'did not recover'],
    ['interrupted', 'interrupted', 'interrupted'],
  ] as const)('that is %s with %s is %s', (now, end_code, word) => {
    expect(endOf({ status: now, end_code }).word).toBe(word);
  });

  it('looks bad just where nothing usable was found', () => {
    for (const now of ['running', 'completed', 'stopped', 'interrupted', 'failed'] as const)
      for (const end_code of [null, ...END_CODES]) {
        const ended = { status: now, end_code };
        expect([ended, endOf(ended).tone === 'bad']).toEqual([ended, foundNothing(ended)]);
      }
    expect(endOf({ status: 'failed', end_code: 'budget' }).tone).toBe('bad');
    expect(endOf({ status: 'completed', end_code: 'budget' }).tone).toBe('plain');
  });
});

it('a run says once why it is not to be trusted', () => {
  const late = '1 % of the requests were sent 25.8 ms late or more';
  const run = { validity: { status: 'invalid' as const, reasons: [late, 'the machine was busy'] } };
  expect(furtherDoubts({ ...run, reason: `not judged: ${late}` })).toEqual(['the machine was busy']);
  expect(furtherDoubts({ ...run, reason: null })).toEqual([late, 'the machine was busy']);
  expect(furtherDoubts({ validity: null, reason: null })).toEqual([]);
});

describe('the form', () => {
  const own = {
    offered: ['concurrent_requests', 'load_balancing'] as const,
    chosen: ['concurrent_requests', 'load_balancing'] as const,
    budget: '120',
    soaking: false,
  };
  const running = status({ running: true, session_id: 'ses_1', kinds: ['network_latency'], budget_seconds: 60 });

  it('shows what was chosen while nothing runs', () => {
    expect(shownForm(own, status({ kinds: ['network_latency'] }))).toEqual({ ...own, budgets: BUDGETS });
  });

  it('shows what the running session was asked for', () => {
    expect(shownForm(own, running)).toEqual({
      offered: ['concurrent_requests', 'load_balancing', 'network_latency'],
      chosen: ['network_latency'],
      budget: '60',
      budgets: BUDGETS,
      soaking: false,
    });
    expect(shownForm(own, { ...running, budget_seconds: null }).budget).toBe(CONTINUOUS);
    expect(shownForm(own, { ...running, budget_seconds: 420, hold_seconds: 300 })).toMatchObject({
      budget: '120',
      soaking: true,
    });
    const odd = shownForm(own, { ...running, budget_seconds: 77 });
    expect(odd.budgets.find(({ value }) => value === odd.budget)?.text).toBe('1:17 min');
  });

  it('leaves the budget alone while a single run is executed', () => {
    expect(shownForm(own, { ...running, session_id: 'exe_1', budget_seconds: null }).budget).toBe('120');
  });

  it('asks for its plan: what is chosen, in the time that is chosen', () => {
    expect(planQuery('shop', own)).toEqual({
      target: 'shop',
      kinds: 'concurrent_requests,load_balancing',
      budgetSeconds: 120,
    });
    expect(planQuery('shop', { ...own, budget: CONTINUOUS })).not.toHaveProperty('budgetSeconds');
    expect(planQuery(null, own)).toBeNull();
    expect(planQuery('shop', { ...own, chosen: [] })).toBeNull();
  });
});
