import { HiveError, type Client } from '@hive/contract';
import { expect, it, vi } from 'vitest';
import type { SocketListener } from '../src/live/connection.js';
import { createFeed, liveUrl } from '../src/live/feed.js';
import { hello, limit, message, scenario, session, snapshot, status, summary } from './message-samples.js';

/** An API whose answers can be held back. */
function fakeApi(answers: Record<string, unknown> = {}) {
  const base: Record<string, unknown> = {
    listTargets: { targets: [{ id: 'practice' }] },
    trainingStatus: status(),
    listSessions: { sessions: [session('session-0', { status: 'completed' })], next: null },
    listScenarios: { scenarios: [], next: null },
    metricsSummary: summary('session-0'),
    latestMetrics: { metrics: [] },
    targetLimits: { target: 'practice', limits: [limit(300, 400)], traffic: null },
    listMarks: { marks: [] },
    ...answers,
  };
  let hold: Promise<void> = Promise.resolve();
  const calls: string[] = [];
  const call = async (name: string): Promise<unknown> => {
    calls.push(name);
    await hold;
    const answer = base[name];
    if (answer instanceof HiveError) throw answer;
    return answer;
  };
  return {
    calls,
    client: { call } as unknown as Client,
    /** Answers nothing until the returned function is called. */
    pause(): () => void {
      let go = (): void => undefined;
      hold = new Promise((resolve) => (go = resolve));
      return go;
    },
  };
}

function startFeed(api: ReturnType<typeof fakeApi>) {
  const listeners: SocketListener[] = [];
  const feed = createFeed({
    apiUrl: 'http://hive:8000',
    hasToken: false,
    snapshot: snapshot(),
    client: api.client,
    open: (_url, listener) => {
      listeners.push(listener);
      return { send: () => undefined, close: () => undefined };
    },
  });
  const stop = feed.start();
  const tell = (one: ReturnType<typeof hello>): void => listeners.at(-1)?.onText(JSON.stringify(one));
  const fail = (): void => listeners.at(-1)?.onClose();
  return { feed, stop, tell, fail };
}

it('reloads by HTTP once it is greeted', async () => {
  const { feed, stop, tell } = startFeed(fakeApi());
  tell(hello(5));
  await vi.waitFor(() => expect(feed.view().state.sessions).toHaveLength(1));
  expect(feed.view()).toMatchObject({ connection: 'live', state: { seq: 5, reload: false } });
  expect(feed.view().state.views['practice']).toMatchObject({
    limits: [{ low: 300 }],
    summary: { session_id: 'session-0' },
  });
  stop();
});

it.each([
  ['what came in lately, of the target on which a session runs', { running: true, target: 'practice' }, true],
  ['nothing of that while none runs', { running: false, target: 'practice' }, false],
  ['nothing of that while one runs elsewhere', { running: true, target: 'other' }, false],
])('asks for %s', async (_what, state, asks) => {
  const api = fakeApi({ trainingStatus: status({ session_id: 'session-0', ...state }) });
  const { feed, stop, tell } = startFeed(api);
  feed.follow('practice');
  tell(hello(0));
  await vi.waitFor(() => expect(feed.view().state.sessions).toHaveLength(1));
  expect(api.calls.includes('latestMetrics')).toBe(asks);
  stop();
});

it('asks again for what was done while a snapshot was under way', async () => {
  const api = fakeApi();
  const go = api.pause();
  const { feed, stop, tell } = startFeed(api);
  tell(hello(0));
  const done = feed.reload();
  go();
  await done;
  expect(api.calls.filter((name) => name === 'listTargets')).toHaveLength(2);
  stop();
});

it('keeps what the feed told while the snapshot was under way', async () => {
  const api = fakeApi();
  const go = api.pause();
  const { feed, stop, tell } = startFeed(api);
  tell(hello(0));
  tell(message(1, { type: 'session_started', data: { session: session('session-1') } }));
  tell(
    message(2, { type: 'scenario_started', data: { session_id: 'session-1', scenario: scenario('a'), reason: 'why' } }),
  );
  go();
  await vi.waitFor(() => expect(feed.view().state.sessions).toHaveLength(2));
  const { state } = feed.view();
  expect(state.sessions.map(({ id }) => id)).toEqual(['session-1', 'session-0']);
  expect(state.views['practice']?.scenarios.map(({ id }) => id)).toEqual(['a']);
  expect(state).toMatchObject({ seq: 2, status: { running: true, current: { scenario_id: 'a' } } });
  stop();
});

it('reloads after a gap', async () => {
  const api = fakeApi();
  const { feed, stop, tell } = startFeed(api);
  tell(hello(0));
  await vi.waitFor(() => expect(feed.view().state.sessions).toHaveLength(1));
  const before = api.calls.length;
  tell(message(9, { type: 'gap', data: { from: 1, to: 9 } }));
  await vi.waitFor(() => expect(feed.view().state.reload).toBe(false));
  expect(api.calls.length).toBeGreaterThan(before);
  stop();
});

it('loads what is shown of another target when that is looked at', async () => {
  const { feed, stop, tell } = startFeed(
    fakeApi({ listTargets: { targets: [{ id: 'practice' }, { id: 'other' }] }, trainingStatus: status() }),
  );
  tell(hello(0));
  await vi.waitFor(() => expect(feed.view().state.targets).toHaveLength(2));
  feed.follow('other');
  await vi.waitFor(() => expect(feed.view().state.views['other']).toBeDefined());
  stop();
});

it('says when the API wants a token', async () => {
  const { feed, stop, tell } = startFeed(
    fakeApi({ trainingStatus: new HiveError('unauthorized', 'a token is needed') }),
  );
  tell(hello(0));
  await vi.waitFor(() => expect(feed.view().refusal?.code).toBe('unauthorized'));
  stop();
});

it('asks by HTTP why a connection failed', async () => {
  const api = fakeApi({ trainingStatus: new HiveError('unauthorized', 'a token is needed') });
  const { feed, stop, fail } = startFeed(api);
  fail();
  await vi.waitFor(() =>
    expect(feed.view()).toMatchObject({ refusal: { code: 'unauthorized' }, connection: 'reconnecting' }),
  );
  stop();
});

it.each([
  ['http://hive:8000', null, 'ws://hive:8000/ws/metrics'],
  ['https://hive.example', 7, 'wss://hive.example/ws/metrics?since=7'],
  ['http://hive:8000', 0, 'ws://hive:8000/ws/metrics?since=0'],
])('%s since %s is followed at %s', (apiUrl, since, url) => {
  expect(liveUrl(apiUrl, since)).toBe(url);
});
