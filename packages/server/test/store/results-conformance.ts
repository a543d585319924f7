import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.js';
import { sampleResult, sampleScenario, sampleSession, sampleTarget } from './samples.js';

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

    it('are what was learned, oldest first, without their histograms', async () => {
      const target = await executed([300, 200, 100], [300, 100]);
      const rows = (await store().listResults({ target })).map(({ row }) => row);
      expect(await store().listLearned(target)).toEqual(
        rows.map(({ session_id, scenario_type, intensity, parameters, results, created_at }) => {
          return { session_id, scenario_type, intensity, parameters, results, created_at };
        }),
      );
      expect(rows).toHaveLength(2);
      expect(await store().listLearned('nobody')).toEqual([]);
    });
  });
}
