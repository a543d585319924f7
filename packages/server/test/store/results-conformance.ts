import { newExecutionId } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.js';
import { sampleResult, sampleScenario, sampleSession, sampleTarget, sampleWindow } from './samples.js';

/** What every store must tell of executed scenarios. `setTime` sets the clock that stamps rows. */
export function resultsConformance(store: () => Store, setTime: (at: Date) => void): void {
  const bytes = { responseTime: Uint8Array.of(1, 2, 3), serviceTime: Uint8Array.of(4) };

  /** A target with one scenario for each intensity, a second apart; those of `done` were executed. */
  async function executed(intensities: readonly number[], done: readonly number[]): Promise<string> {
    const target = sampleTarget();
    await store().saveTarget(target);
    const session = sampleSession(target.id);
    await store().createSession(session);
    for (const [index, intensity] of intensities.entries()) {
      setTime(new Date(Date.UTC(2026, 2, 1, 0, 0, index)));
      const { id } = await store().createScenario(sampleScenario(target.id, { intensity }), session.id);
      if (done.includes(intensity)) await store().completeScenario(id, sampleResult(), bytes);
    }
    return target.id;
  }

  it('interrupts a session where it was last heard of, with the counts of its runs', async () => {
    const target = sampleTarget();
    await store().saveTarget(target);
    const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 0, 0, second)).toISOString();
    const session = sampleSession(target.id, { status: 'running', started_at: at(0) });
    await store().createSession(session);
    const run = async (second: number): Promise<string> =>
      (await store().createScenario(sampleScenario(target.id), session.id, new Date(at(second)))).id;
    const results = [
      {},
      { validity: { status: 'invalid' as const, reasons: ['late'] } },
      { verdict: 'failed' as const },
    ];
    for (const [index, change] of results.entries())
      await store().completeScenario(await run(1 + 10 * index), sampleResult(change), bytes);
    const ids = { scenarioId: await run(31), sessionId: session.id, targetId: target.id };
    await store().appendWindows([{ window: sampleWindow(ids, { at: at(34) }), responseTime: null, serviceTime: null }]);
    setTime(new Date(Date.UTC(2026, 2, 2)));
    const [marked] = await store().interruptSessions([session.id], 'the process ended');
    expect(marked).toEqual(await store().getSession(session.id));
    expect(marked).toMatchObject({
      end_code: 'interrupted',
      ended_at: at(34),
      runtime_seconds: 34,
      total_scenarios: 3,
      successful_scenarios: 1,
      average_performance: 0.95,
    });
  });

  it('does not count the time in which nothing ran a session that was resumed', async () => {
    const target = sampleTarget();
    await store().saveTarget(target);
    const at = (second: number): string => new Date(Date.UTC(2026, 2, 3, 0, 0, second)).toISOString();
    // It ran for 10 s, lay for 990 s, and ran for 20 s more.
    const session = sampleSession(target.id, {
      status: 'running',
      started_at: at(0),
      runtime_seconds: 10,
      paused_seconds: 990,
    });
    await store().createSession(session);
    const { id: scenarioId } = await store().createScenario(sampleScenario(target.id), session.id, new Date(at(1_001)));
    const ids = { scenarioId, sessionId: session.id, targetId: target.id };
    await store().appendWindows([
      { window: sampleWindow(ids, { at: at(1_020) }), responseTime: null, serviceTime: null },
    ]);
    setTime(new Date(Date.UTC(2026, 2, 4)));
    await store().interruptSessions([session.id], 'the process ended');
    expect(await store().getSession(session.id)).toMatchObject({ ended_at: at(1_020), runtime_seconds: 30 });
  });

  it('writes all of what belongs together, or nothing', async () => {
    const [target, other] = [sampleTarget(), sampleTarget()];
    const broken = store().atomically(async (whole) => {
      await whole.saveTarget(target);
      expect(await whole.getTarget(target.id)).toEqual(target);
      await whole.createSession(sampleSession('nowhere'));
    });
    await expect(broken).rejects.toMatchObject({ code: 'not_found' });
    expect(await store().getTarget(target.id)).toBeNull();
    const { id } = sampleSession(other.id);
    await store().atomically(async (whole) => {
      await whole.saveTarget(other);
      await whole.createSession(sampleSession(other.id, { id }));
    });
    expect(await store().getSession(id)).toMatchObject({ target_id: other.id });
  });

  it('keeps no verdict of what is not usable', async () => {
    const target = sampleTarget();
    await store().saveTarget(target);
    const { id } = await store().createScenario(sampleScenario(target.id), null);
    const validity = { status: 'invalid' as const, reasons: ['requests were sent late'] };
    const told = { verdict: 'undecided', reason: 'not judged: requests were sent late' };
    expect(await store().completeScenario(id, sampleResult({ validity }), bytes)).toMatchObject({
      ...told,
      outcome: 'not_usable',
      results: told,
    });
  });

  it('tells the newest values of one target and of one session', async () => {
    const of = async (second: number) => {
      const target = sampleTarget();
      await store().saveTarget(target);
      const session = sampleSession(target.id);
      await store().createSession(session);
      const { id } = await store().createScenario(sampleScenario(target.id), session.id);
      const ids = { scenarioId: id, sessionId: session.id, targetId: target.id };
      const window = sampleWindow(ids, { at: new Date(Date.UTC(2026, 3, 1, 0, 0, second)).toISOString() });
      await store().appendWindows([{ window, responseTime: null, serviceTime: null }]);
      return ids;
    };
    const [one, other] = [await of(1), await of(2)];
    const asked = { metricType: 'throughput' as const, limit: 10 };
    const scenariosOf = async (filter: object) =>
      (await store().latestMetrics({ ...asked, ...filter })).map(({ scenario_id }) => scenario_id);
    expect(await scenariosOf({ target: one.targetId })).toEqual([one.scenarioId]);
    expect(await scenariosOf({ session: other.sessionId })).toEqual([other.scenarioId]);
    expect((await store().latestMetrics({ ...asked, target: one.targetId }))[0]?.metadata).toMatchObject({
      from_ms: 0,
      to_ms: 1_000,
    });
    await store().restartScenario(one.scenarioId, other.sessionId);
    expect(await scenariosOf({ session: other.sessionId })).toEqual([other.scenarioId]);
  });

  describe('results', () => {
    it('of a target are listed oldest first, with their histograms', async () => {
      const target = await executed([300, 200, 100], [300, 100]);
      const results = await store().listResults({ target });
      expect(results.map(({ row }) => row.intensity)).toEqual([300, 100]);
      expect(results.map(({ responseTime }) => [...(responseTime ?? [])])).toEqual([
        [1, 2, 3],
        [1, 2, 3],
      ]);
    });

    it('are read page by page, and by the hour in which they were made', async () => {
      const target = await executed([300, 200, 100], [300, 200, 100]);
      const all = await store().listResults({ target });
      const pages = [await store().listResults({ target, limit: 2 })];
      const end = pages[0]?.at(-1)?.row;
      const after = { at: end?.created_at ?? '', id: end?.id ?? '' };
      pages.push(await store().listResults({ target, after, limit: 2 }));
      expect(pages.flat()).toEqual(all);

      const before = await store().listRunHours({ target });
      const hours = all.map(({ row }) => `${row.created_at.slice(0, 13)}:00:00.000Z`);
      expect(before.map(({ hour }) => hour)).toEqual([...new Set(hours)]);
      expect(await store().listRunHours({ target })).toEqual(before);
      const session = sampleSession(target, { id: newExecutionId() });
      await store().createSession(session);
      await store().restartScenario(after.id, session.id);
      await store().completeScenario(after.id, sampleResult(), bytes);
      const changed = await store().listRunHours({ target });
      expect(changed.map(({ hour }) => hour)).toEqual(before.map(({ hour }) => hour));
      expect(changed).not.toEqual(before);
    });

    it('are what was learned, the newest of them, oldest first, without their histograms', async () => {
      const target = await executed([300, 200, 100], [300, 100]);
      const asked = { target, kind: 'load_balancing', limit: 9 } as const;
      const rows = (await store().listResults({ target })).map(({ row }) => row);
      const learned = await store().listLearned(asked);
      expect(learned).toEqual(
        rows.map(({ session_id, scenario_type, intensity, parameters, results, created_at }) => {
          return { session_id, scenario_type, intensity, parameters, results, created_at };
        }),
      );
      const intensities = async (change: object) =>
        (await store().listLearned({ ...asked, ...change })).map(({ intensity }) => intensity);
      expect(await intensities({ limit: 1 })).toEqual([100]);
      expect(await intensities({ kind: 'cache_efficiency' })).toEqual([]);
      expect(await intensities({ target: 'nobody' })).toEqual([]);
      expect(await intensities({ objectives: ['rate<0.01', 'p(99)<250'] })).toEqual([300, 100]);
      expect(await intensities({ objectives: ['p(99)<250'] })).toEqual([]);
      expect(await intensities({ objectives: ['p(99)<250', 'rate<0.01', 'avg<1'] })).toEqual([]);
    });

    it('teach nothing when they were executed one by one, and tell that what was learned changed', async () => {
      const target = await executed([300, 200], [300, 200]);
      const asked = { target, kind: 'load_balancing', limit: 9 } as const;
      const before = await store().learnedVersion(target);
      expect(await store().learnedVersion(target)).toBe(before);
      const [first] = await store().listResults({ target });
      const id = first?.row.id ?? '';
      const session = sampleSession(target, { id: newExecutionId(), started_at: '2026-03-02T00:00:00.000Z' });
      await store().createSession(session);
      await store().restartScenario(id, session.id);
      await store().completeScenario(id, sampleResult(), bytes);
      expect((await store().listLearned(asked)).map(({ intensity }) => intensity)).toEqual([200]);
      expect(await store().learnedVersion(target)).not.toBe(before);
    });

    it('tell that what was learned changed, also when one that was measured earlier is stored later', async () => {
      const target = await executed([300], [300]);
      const before = await store().learnedVersion(target);
      const long = new Date('2001-01-01T00:00:00.000Z');
      const { id } = await store().createScenario(sampleScenario(target), null, long);
      expect(await store().learnedVersion(target)).toBe(before);
      await store().completeScenario(id, sampleResult(), bytes);
      expect(await store().learnedVersion(target)).not.toBe(before);
    });
  });
}
