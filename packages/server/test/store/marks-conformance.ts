import { newMarkId, type Mark } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../src/store/open.js';
import { sampleSession, sampleTarget } from './samples.js';

/** What every store must do with marks. Other marks of the database lie in years of their own. */
export function marksConformance(store: () => OpenedStore, setTime: (at: Date) => void): void {
  const markOf = async (change: Partial<Mark>): Promise<Mark> => {
    const usual = { target: null, at: '2021-03-01T12:00:00.000Z', text: 'shop 4.2.1', url: null, labels: {} };
    const whole = { ...usual, id: newMarkId(), ...change };
    await store().createMark(whole);
    return whole;
  };
  const newTarget = async (): Promise<string> => {
    const target = sampleTarget();
    await store().saveTarget(target);
    return target.id;
  };
  const listed = async (filter: object): Promise<string[]> => {
    const marks = await store().listMarks({ from: '2021-01-01T00:00:00Z', limit: 100, ...filter });
    return marks.filter(({ at }) => at < '2022').map(({ text }) => text);
  };

  describe('marks', () => {
    it('are kept as they were given', async () => {
      const target = await newTarget();
      const mark = await markOf({
        target,
        text: 'über 4.2.1 ✓',
        url: 'https://example.org/4.2.1',
        labels: { branch: 'main' },
      });
      expect(await store().listMarks({ target, limit: 1 })).toEqual([mark]);
      expect(await store().deleteMark(mark.id)).toBe(true);
      expect(await store().deleteMark(mark.id)).toBe(false);
      expect(await store().deleteMark('\0')).toBe(false);
    });

    it('are listed from new to old: those of a target with those of all targets, within a time', async () => {
      const [mine, other] = [await newTarget(), await newTarget()];
      const made = [
        await markOf({ text: 'second', at: '2021-03-02T00:00:00.000Z' }),
        await markOf({ text: 'first', at: '2021-03-01T00:00:00.000Z', target: mine }),
        await markOf({ text: 'third', at: '2021-03-03T00:00:00.000Z', target: other }),
      ];
      expect(await listed({})).toEqual(['third', 'second', 'first']);
      expect(await listed({ target: mine })).toEqual(['second', 'first']);
      expect(await listed({ target: mine, limit: 1, to: '2021-03-02T00:00:00Z' })).toEqual(['second']);
      expect(await listed({ from: '2021-03-02T01:00:00+01:00', to: '2021-03-02T23:00:00Z' })).toEqual(['second']);
      await expect(store().listMarks({ from: 'yesterday', limit: 1 })).rejects.toMatchObject({ code: 'validation' });
      for (const { id } of made) await store().deleteMark(id);
    });

    it('are no more than one answer holds', async () => {
      const target = await newTarget();
      const labels = { large: 'x'.repeat(600_000) };
      for (let count = 0; count < 4; count += 1) await markOf({ target, labels });
      expect(await store().listMarks({ target, limit: 100 })).toHaveLength(2);
      await store().deleteTarget(target);
    });

    it('go with their target, and none is of an unknown one', async () => {
      const target = await newTarget();
      await markOf({ target, text: 'going' });
      expect(await listed({})).toEqual(['going']);
      await store().deleteTarget(target);
      expect(await listed({})).toEqual([]);
      await expect(markOf({ target })).rejects.toMatchObject({ code: 'not_found' });
    });

    it('are kept as long as the sessions they explain', async () => {
      const target = await newTarget();
      await store().createSession(sampleSession(target, { started_at: '2021-03-01T12:00:00.000Z' }));
      await markOf({ target, text: 'old' });
      await markOf({ target, text: 'young', at: '2021-03-20T12:00:00.000Z' });
      setTime(new Date('2021-04-01T12:00:00.000Z'));
      try {
        await store().setKeepDays({ sessions: 30 });
        await store().upkeep();
      } finally {
        await store().setKeepDays({ sessions: null });
      }
      expect(await listed({ target })).toEqual(['young']);
      expect((await store().listSessions({ target, limit: 9 })).rows).toEqual([]);
    });
  });
}
