import { afterEach, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.js';
import type { EarlierStore } from './earlier.js';
import { sampleScenario, sampleTarget, sampleWindow } from './samples.js';

/** What a store of 0.1.0 must become. `windows`: how many it holds, each with ten values. Returns how long opening took, ms. */
export function earlierConformance(
  windows: number,
  create: () => Promise<EarlierStore>,
  took: (ms: number) => void = () => undefined,
): void {
  let earlier: EarlierStore;
  afterEach(async () => earlier.end());

  it('keeps what a store of 0.1.0 holds, and goes on from there', async () => {
    earlier = await create();
    const target = sampleTarget();
    const { id, parameters } = { id: 'scn_1', parameters: sampleScenario(target.id) };
    const window = sampleWindow({ scenarioId: id, sessionId: 'ses_1', targetId: target.id });
    await earlier.run(`
      insert into targets values ('${target.id}', now(), '${JSON.stringify(target)}');
      insert into test_scenarios (id, created_at, scenario_type, difficulty, parameters, completed, target_id,
        description, expected_outcomes, calibrated, intensity, unit)
      values ('${id}', now(), 'load_balancing', 'hard', '${JSON.stringify(parameters)}', false, '${target.id}',
        'as it was', '[]', true, 400, 'requests/s');
      ${oldRows(1, windows, { id, window: JSON.stringify(window) })}`);

    const from = performance.now();
    const store = await openStore({ ...earlier.options, now: () => new Date() });
    took(performance.now() - from);
    expect(await store.listWindows(id)).toEqual(Array.from({ length: windows }, () => window));
    const newest = await store.latestMetrics({ limit: 1 });
    expect(newest).toMatchObject([{ id: windows * 10, value: 10, metadata: { session_id: 'ses_1', unit: 'ms' } }]);
    const added = { ...window, at: new Date().toISOString() };
    await store.appendWindows([{ window: added, responseTime: null, serviceTime: null }]);
    expect((await store.listWindows(id)).length).toBe(windows + 1);
    await store.close();

    // An instance of 0.1.0 may still run beside this one.
    await earlier.run(oldRows(windows + 1, windows + 2, { id, window: JSON.stringify(window) }));
    const again = await openStore(earlier.options);
    expect((await again.listWindows(id)).length).toBe(windows + 3);
    const ids = (await again.latestMetrics({ limit: 5_000 })).map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
    await again.close();
  }, 300_000);
}

/** As 0.1.0 wrote them. */
function oldRows(first: number, last: number, row: { id: string; window: string }): string {
  return `
    insert into windows (scenario_id, from_ms, data, response_time, service_time)
    select '${row.id}', n, '${row.window}', decode(repeat('ab', 250), 'hex'), decode(repeat('cd', 250), 'hex')
    from generate_series(${first}, ${last}) as n;
    insert into performance_metrics (timestamp, metric_type, value, scenario_id, metadata)
    select now() - interval '1 day' + n * interval '1 ms', 'response_time_p99', value, '${row.id}',
      '{"unit": "ms", "phase": "judged", "session_id": "ses_1", "from_ms": 0, "to_ms": 1000}'
    from generate_series(${first}, ${last}) as n, generate_series(1, 10) as value order by n, value;`;
}
