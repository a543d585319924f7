import {
  METRIC_UNITS,
  metricRowSchema,
  scenarioRowSchema,
  sessionRowSchema,
  windowSchema,
  type Limit,
} from '@hive/contract';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.js';
import { sampleResult, sampleScenario, sampleSession, sampleTarget, sampleWindow } from './samples.js';

/** Time of the store under test: it moves only when a test moves it. */
export const storeTime = { at: new Date('2026-01-31T12:00:00.000Z') };

const none = { responseTime: null, serviceTime: null };
const limit: Limit = {
  kind: 'load_balancing',
  unit: 'requests/s',
  status: 'known',
  method: 'bracket',
  estimate: 400,
  low: 390,
  high: 410,
  level: null,
  safe: 380,
  band: null,
  horizonSeconds: 5,
  binding: 'p(99)<250',
  scenarios: 9,
  updatedAt: '2026-01-31T12:00:00.000Z',
};

/** What every store must do. One database serves the whole suite: each test makes its own target. */
export function storeConformance(store: () => Store): void {
  let targetId: string;
  const scenarioOf = async (change = {}, sessionId: string | null = null) =>
    store().createScenario(sampleScenario(targetId, change), sessionId);
  const sessionOf = async (change = {}) => {
    const session = sampleSession(targetId, change);
    await store().createSession(session);
    return session;
  };
  const newTarget = async () => {
    const target = sampleTarget();
    targetId = target.id;
    await store().saveTarget(target);
    return target;
  };
  beforeAll(async () => {
    await newTarget();
  });

  describe('targets', () => {
    it('keeps a target as it was given, and replaces it', async () => {
      const target = sampleTarget({ nodeHeader: 'x-node' });
      await store().saveTarget(target);
      expect(await store().getTarget(target.id)).toEqual(target);
      await store().saveTarget({ ...target, insecure: true });
      expect(await store().getTarget(target.id)).toEqual({ ...target, insecure: true });
      expect((await store().listTargets()).filter(({ id }) => id === target.id)).toHaveLength(1);
    });

    it('deletes a target with all that hangs on it', async () => {
      const target = await newTarget();
      const session = await sessionOf();
      const scenario = await scenarioOf({}, session.id);
      const window = sampleWindow({ scenarioId: scenario.id, sessionId: session.id, targetId });
      await store().appendWindows([{ window, ...none }]);
      expect(await store().deleteTarget(target.id)).toBe(true);
      expect(await store().deleteTarget(target.id)).toBe(false);
      expect(await store().getTarget(target.id)).toBeNull();
      expect(await store().getSession(session.id)).toBeNull();
      expect(await store().getScenario(scenario.id)).toBeNull();
      expect(await store().listWindows(scenario.id)).toEqual([]);
      expect(await store().latestMetrics({ scenarioId: scenario.id, limit: 10 })).toEqual([]);
      await newTarget();
    });

    it.each(['unknown', '', '\0', "'; drop table targets; --", 'ü'.repeat(50), '\ud800'])(
      'knows nothing of id %j',
      async (id) => {
        expect(await store().getTarget(id)).toBeNull();
        expect(await store().getSession(id)).toBeNull();
        expect(await store().getScenario(id)).toBeNull();
        expect(await store().getScenarioPlan(id)).toBeNull();
        expect(await store().deleteTarget(id)).toBe(false);
      },
    );
  });

  describe('sessions', () => {
    it('keeps a session in the shape of the contract', async () => {
      const session = await sessionOf({ metrics: { note: 'über' }, average_performance: 0.1 });
      const row = await store().getSession(session.id);
      expect(row).toEqual(session);
      expect(sessionRowSchema.parse(row)).toEqual(row);
    });

    it('replaces what can change and leaves the rest', async () => {
      const session = await sessionOf({ status: 'running' });
      const ended = {
        ...session,
        status: 'stopped' as const,
        ended_at: '2026-01-31T12:01:00.000Z',
        total_scenarios: 3,
        successful_scenarios: 2,
        average_performance: 0.5,
        end_reason: 'a person stopped it',
        end_code: 'stopped' as const,
        runtime_seconds: 59.5,
        limits: [limit],
      };
      await store().updateSession({ ...ended, started_at: '2020-01-01T00:00:00.000Z' });
      expect(await store().getSession(session.id)).toEqual(ended);
    });

    it('refuses an unknown session, an unknown target and a second session with the same id', async () => {
      const session = await sessionOf();
      await expect(store().updateSession(sampleSession(targetId))).rejects.toMatchObject({ code: 'not_found' });
      await expect(store().createSession(sampleSession('nowhere'))).rejects.toMatchObject({ code: 'not_found' });
      await expect(store().createSession(session)).rejects.toMatchObject({ code: 'conflict' });
    });

    it('interrupts exactly what still runs', async () => {
      const running = await sessionOf({ status: 'running' });
      const completed = await sessionOf({ ended_at: '2026-01-31T12:02:00.000Z' });
      const ids = await store().listRunning();
      expect(ids).toContain(running.id);
      expect(ids).not.toContain(completed.id);
      const marked = await store().interruptSessions([running.id, completed.id], 'the process ended');
      expect(await store().interruptSessions([running.id, 'nothing'], 'the process ended')).toEqual([]);
      expect(marked).toEqual([await store().getSession(running.id)]);
      expect(marked[0]).toMatchObject({
        status: 'interrupted',
        ended_at: running.started_at,
        end_reason: 'the process ended',
        end_code: 'interrupted',
      });
      expect(await store().getSession(completed.id)).toEqual(completed);
    });

    it('pages from new to old, also where times are equal', async () => {
      const { id: target } = await newTarget();
      const ids: string[] = [];
      for (let index = 0; index < 7; index += 1) {
        const minute = index < 2 ? '00' : '05';
        ids.push((await sessionOf({ started_at: `2026-01-31T12:${minute}:00.000Z` })).id);
      }
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await store().listSessions({ target, limit: 3, ...(after === undefined ? {} : { after }) });
        seen.push(...page.rows.map(({ id }) => id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect([...seen].sort()).toEqual([...ids].sort());
      expect(seen.slice(-2).sort()).toEqual(ids.slice(0, 2).sort());
    });

    it('lists limits as sessions left them, oldest first', async () => {
      const { id: target } = await newTarget();
      await sessionOf({ limits: [] });
      const late = await sessionOf({ limits: [limit], ended_at: '2026-01-31T14:00:00.000Z' });
      const early = await sessionOf({ limits: [limit], ended_at: '2026-01-31T13:00:00.000Z' });
      expect(await store().listSessionLimits({ target, limit: 2 })).toEqual([
        { sessionId: early.id, mode: 'train', at: '2026-01-31T13:00:00.000Z', limits: [limit] },
        { sessionId: late.id, mode: 'train', at: '2026-01-31T14:00:00.000Z', limits: [limit] },
      ]);
      const from = '2026-01-31T14:30:00+01:00';
      const idsOf = async (filter: object) =>
        (await store().listSessionLimits({ target, limit: 9, ...filter })).map(({ sessionId }) => sessionId);
      expect(await idsOf({ from })).toEqual([late.id]);
      expect(await idsOf({ limit: 1 })).toEqual([late.id]);
    });
  });

  describe('scenarios', () => {
    it('keeps a scenario: its row in the shape of the contract, its plan as it was', async () => {
      const scenario = sampleScenario(targetId);
      const row = await store().createScenario(scenario, null);
      expect(scenarioRowSchema.parse(row)).toEqual(row);
      expect(row).toMatchObject({
        id: scenario.id,
        created_at: storeTime.at.toISOString(),
        scenario_type: 'load_balancing',
        completed: false,
        success_rate: null,
        execution_time: null,
        results: null,
        session_id: null,
        verdict: null,
        intensity: 400,
        unit: 'requests/s',
        parameters: { seed: 7, intensity: 400, plan: scenario.plan },
      });
      expect(await store().getScenario(scenario.id)).toEqual(row);
      expect(await store().getScenarioPlan(scenario.id)).toEqual(scenario);
    });

    it('keeps a result, and clears it when the scenario runs again', async () => {
      const [first, second] = [await sessionOf(), await sessionOf()];
      const created = await scenarioOf({}, first.id);
      const result = sampleResult();
      const bytes = { responseTime: Uint8Array.of(0, 1, 255), serviceTime: new Uint8Array(7_000).fill(3) };
      const done = await store().completeScenario(created.id, result, bytes);
      expect(scenarioRowSchema.parse(done)).toEqual(done);
      expect(done).toEqual({
        ...created,
        completed: true,
        outcome: 'passed',
        success_rate: 0.95,
        execution_time: 6.25,
        results: result,
        verdict: 'passed',
        validity: result.validity,
        reason: result.reason,
      });
      const [kept] = await store().listResults({ session: first.id });
      expect(kept?.row).toEqual(done);
      expect(Buffer.from(kept?.responseTime ?? [])).toEqual(Buffer.from(bytes.responseTime));
      expect(Buffer.from(kept?.serviceTime ?? [])).toEqual(Buffer.from(bytes.serviceTime));

      const window = sampleWindow({ scenarioId: created.id, sessionId: first.id, targetId });
      await store().appendWindows([{ window, ...none }]);
      const again = await store().restartScenario(created.id, second.id);
      expect(again).toEqual({ ...created, session_id: second.id });
      expect(await store().listWindows(created.id)).toEqual([]);
      expect(await store().listResults({ session: second.id })).toEqual([]);
    });

    it('does not count an aborted scenario as completed', async () => {
      const session = await sessionOf();
      const { id } = await scenarioOf({}, session.id);
      const aborted = await store().completeScenario(id, sampleResult({ verdict: 'aborted', measurement: null }), none);
      expect(aborted).toMatchObject({ completed: false, verdict: 'aborted', success_rate: null });
      expect(await store().listResults({ session: session.id })).toEqual([]);
    });

    it('refuses unknown ids and a text that cannot be stored', async () => {
      await expect(store().completeScenario('no', sampleResult(), none)).rejects.toMatchObject({ code: 'not_found' });
      await expect(store().restartScenario('no', 'no')).rejects.toMatchObject({ code: 'not_found' });
      await expect(scenarioOf({ description: 'a\0b' })).rejects.toMatchObject({ code: 'validation' });
      await expect(scenarioOf({ objectives: ['a\0b'] })).rejects.toMatchObject({ code: 'validation' });
      await expect(scenarioOf({}, 'no session')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('filters', async () => {
      const { id: target } = await newTarget();
      const session = await sessionOf();
      storeTime.at = new Date('2026-02-01T00:00:00.000Z');
      const plain = await scenarioOf({ description: '100% of _everything_' }, session.id);
      storeTime.at = new Date('2026-02-02T00:00:00.000Z');
      const other = await scenarioOf({ kind: 'cache_efficiency', difficulty: 'easy', description: 'Über 100 keys' });
      await store().completeScenario(other.id, sampleResult({ verdict: 'failed', reason: 'too SLOW' }), none);
      const found = async (filter: object) =>
        (await store().listScenarios({ target, limit: 10, ...filter })).rows.map(({ id }) => id);

      expect(await found({})).toEqual([other.id, plain.id]);
      expect(await found({ kind: 'load_balancing' })).toEqual([plain.id]);
      expect(await found({ difficulty: 'easy' })).toEqual([other.id]);
      expect(await found({ verdict: 'failed' })).toEqual([other.id]);
      expect(await found({ session: session.id })).toEqual([plain.id]);
      expect(await found({ from: '2026-02-02T00:00:00Z' })).toEqual([other.id]);
      expect(await found({ to: '2026-02-01T01:00:00+01:00' })).toEqual([plain.id]);
      expect(await found({ text: '100% OF' })).toEqual([plain.id]);
      expect(await found({ text: '100_' })).toEqual([]);
      expect(await found({ text: String.raw`\%` })).toEqual([]);
      expect(await found({ text: 'slow' })).toEqual([other.id]);
      expect(await found({ text: '' })).toEqual([other.id, plain.id]);
      expect(await found({ target: 'nowhere' })).toEqual([]);
    });

    it('pages without a gap or a repetition while new scenarios arrive', async () => {
      const { id: target } = await newTarget();
      const ids = new Set<string>();
      for (let index = 0; index < 10; index += 1) ids.add((await scenarioOf()).id);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await store().listScenarios({ target, limit: 4, after });
        expect(page.rows.length).toBeLessThanOrEqual(4);
        seen.push(...page.rows.map(({ id }) => id));
        after = page.next ?? undefined;
        storeTime.at = new Date(storeTime.at.getTime() + 1_000);
        await scenarioOf();
      } while (after !== undefined);
      expect(seen).toHaveLength(10);
      expect(new Set(seen)).toEqual(ids);
    });

    it('ends a page that is exactly full without another', async () => {
      const { id: target } = await newTarget();
      await scenarioOf();
      await scenarioOf();
      expect((await store().listScenarios({ target, limit: 2 })).next).toBeNull();
    });

    it.each(['x', '!!', '', Buffer.from('2026-99-99T00:00:00Z id').toString('base64url')])(
      'names the field of a broken page %j',
      async (after) => {
        const listing = store().listScenarios({ limit: 2, after });
        await expect(listing).rejects.toMatchObject({ code: 'validation', message: expect.stringContaining('after') });
      },
    );
  });

  describe('windows', () => {
    it('keeps windows in order, and each of their values as a row', async () => {
      const session = await sessionOf();
      const { id: scenarioId } = await scenarioOf({}, session.id);
      const ids = { scenarioId, sessionId: session.id, targetId };
      const quiet = { count: 0, min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 };
      const busy = sampleWindow(ids);
      const idle = sampleWindow(ids, {
        at: '2026-01-31T12:00:02.000Z',
        fromMs: 1_000,
        toMs: 2_000,
        counts: { ...busy.counts, answered: 0, good: 0, failed: 0 },
        responseTimeMs: quiet,
        serviceTimeMs: quiet,
        nodes: { 'quote"comma,brace}': 1 },
      });
      await store().appendWindows([
        { window: busy, responseTime: Uint8Array.of(0, 92, 255), serviceTime: Uint8Array.of() },
        { window: idle, ...none },
      ]);
      await store().appendWindows([]);
      const windows = await store().listWindows(scenarioId);
      expect(windows).toEqual([busy, idle]);
      expect(windows.map((window) => windowSchema.parse(window))).toEqual(windows);

      const rows = await store().latestMetrics({ scenarioId, limit: 100 });
      expect(rows.map((row) => metricRowSchema.parse(row))).toEqual(rows);
      expect(rows.map(({ timestamp }) => timestamp)).toEqual(
        rows
          .map(({ timestamp }) => timestamp)
          .toSorted()
          .toReversed(),
      );
      const measured = (at: string) =>
        Object.fromEntries(rows.flatMap((row) => (row.timestamp === at ? [[row.metric_type, row.value]] : [])));
      expect(measured(busy.at)).toEqual({
        response_time_p50: 20,
        response_time_p95: 30,
        response_time_p99: 40,
        service_time_p99: 39,
        waiting_mean: 0.5,
        throughput: 95,
        offered_rate: 100,
        error_rate: expect.closeTo(0.05, 9),
        connections: 12,
        outstanding: 3,
        bytes_in: 1_000,
        bytes_out: 500,
        generator_lag: 0.25,
        generator_busy: 0.125,
      });
      expect(Object.keys(measured(idle.at))).not.toContain('error_rate');
      expect(Object.keys(measured(idle.at))).not.toContain('response_time_p99');
      for (const row of rows) expect(row.metadata).toMatchObject({ unit: METRIC_UNITS[row.metric_type] });

      const newest = await store().latestMetrics({ scenarioId, metricType: 'throughput', limit: 1 });
      expect(newest).toEqual([expect.objectContaining({ timestamp: idle.at, value: 95, scenario_id: scenarioId })]);
    });

    it('refuses the window of an unknown scenario, and then keeps none of the batch', async () => {
      const { id: scenarioId } = await scenarioOf();
      const ids = { scenarioId, sessionId: randomUUID(), targetId };
      const batch = [sampleWindow(ids), sampleWindow({ ...ids, scenarioId: 'nowhere' })];
      const appending = store().appendWindows(batch.map((window) => ({ window, ...none })));
      await expect(appending).rejects.toMatchObject({ code: 'not_found' });
      expect(await store().listWindows(scenarioId)).toEqual([]);
    });

    it('serves many callers at once', async () => {
      const { id: scenarioId } = await scenarioOf();
      const ids = { scenarioId, sessionId: randomUUID(), targetId };
      const restarted = await sessionOf();
      const other = await scenarioOf();
      await Promise.all(
        Array.from({ length: 30 }, async (_, index) => {
          const window = sampleWindow(ids, { fromMs: index * 1_000, toMs: (index + 1) * 1_000 });
          await store().appendWindows([{ window, ...none }]);
          await store().restartScenario(other.id, restarted.id);
          await store().listScenarios({ limit: 5 });
        }),
      );
      const windows = await store().listWindows(scenarioId);
      expect(windows.map(({ fromMs }) => fromMs)).toEqual(Array.from({ length: 30 }, (_, index) => index * 1_000));
    });
  });

  it('answers a ping', async () => {
    await store().ping();
  });
}
