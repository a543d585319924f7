import { describe, expect, it } from 'vitest';
import type { SessionRow, Target } from '@hive/contract';
import type { Store } from '../../src/store/store.js';
import { sampleSession, sampleTarget } from './samples.js';

/** What every store must keep of what a session is for, and find again by its labels. */
export function labelsConformance(store: () => Store): void {
  const newTarget = async (): Promise<Target> => {
    const target = sampleTarget();
    await store().saveTarget(target);
    return target;
  };

  describe('what a session is for', () => {
    it('keeps what a session is for, and lists those with a label', async () => {
      const { id: target } = await newTarget();
      const question = { at_per_second: 500, for_seconds: 60 };
      const labels = { branch: 'main', note: 'it\'s %_"ok"' };
      const asked = await sessionOf(target, { mode: 'verify', question, answer: 'no', labels });
      const other = await sessionOf(target, { labels: { branch: 'other' } });
      expect(await store().getSession(asked.id)).toEqual(asked);
      const listed = async (wanted: Record<string, string>) =>
        (await store().listSessions({ target, labels: wanted, limit: 9 })).rows.map(({ id }) => id);
      expect(await listed({ branch: 'main' })).toEqual([asked.id]);
      expect(await listed({ note: labels.note })).toEqual([asked.id]);
      expect(await listed({ branch: 'other' })).toEqual([other.id]);
      expect(await listed({ branch: 'main', note: 'no' })).toEqual([]);
    });
  });

  async function sessionOf(target: string, change: Partial<SessionRow>): Promise<SessionRow> {
    const session = sampleSession(target, change);
    await store().createSession(session);
    return session;
  }
}
