import { documentSchema, type AuditEntry, type DocumentInput } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { applyAction } from '../../src/bind-apply.js';
import { whoMayAll } from '../../src/identity/principal.js';
import type { OpenedStore } from '../../src/store/open.js';

const actor = whoMayAll('ada', 'Ada');

/** What files describe is made as a whole, on every store. */
export function applyConformance(store: () => OpenedStore): void {
  const url = 'http://127.0.0.1:9';
  const target: DocumentInput = { kind: 'target', id: 'applied', spec: { url } };
  const channel: DocumentInput = {
    kind: 'channel',
    id: 'applied',
    spec: { type: 'webhook', url: 'https://hooks.example.org', secret: '${HOOK}' },
  };
  const schedule: DocumentInput = {
    kind: 'schedule',
    id: 'applied',
    spec: { target: 'applied', what: { type: 'check' }, when: 'every 5m' },
  };
  const ruleTo = (to: string): DocumentInput => ({
    kind: 'rule',
    id: 'applied',
    spec: { name: 'Applied', target: 'applied', when: { type: 'worse' }, routes: [{ to: [to] }] },
  });

  function applying() {
    const [told, entries]: [string[], AuditEntry[]] = [[], []];
    const log = { debug() {}, info: (_: object, text: string) => void told.push(text), warn() {}, error() {} };
    const team = { scheduler: { kick: () => void told.push('kick') }, changed: async () => undefined };
    const { applyDocuments } = applyAction({
      store: store(),
      allowTargets: [],
      now: () => Date.parse('2024-03-01T12:00:00.000Z'),
      log,
      runner: { status: async () => ({ running: false }) as never },
      team: { ...team, channels: {} } as never,
      auditor: { audit: { addAudit: async (entry) => void entries.push(entry) }, log, now: Date.now },
    });
    const apply = (documents: DocumentInput[], prune = false) =>
      applyDocuments(actor, { documents: documents.map((one) => documentSchema.parse(one)), prune, dryRun: false });
    return { apply, told, entries };
  }
  const found = async () => ({
    target: (await store().getTarget('applied'))?.nodes[0]?.url ?? null,
    channels: (await store().listChannels()).filter(({ id }) => id === 'applied').length,
    schedules: (await store().listSchedules({ target: 'applied' })).length,
    rules: (await store().listRules()).filter(({ id }) => id === 'rul_file_applied').length,
  });

  describe('what files describe', () => {
    it('is made as a whole: what fails in the middle leaves everything as it was, and tells nobody', async () => {
      const { apply, told, entries } = applying();
      const nothing = { target: null, channels: 0, schedules: 0, rules: 0 };
      await expect(apply([target, channel, schedule, ruleTo('nowhere')])).rejects.toMatchObject({
        code: 'validation',
        message: "rule applied: routes.0.to.0: there is no channel with the id 'nowhere'",
        details: { document: 3 },
      });
      expect([await found(), told]).toEqual([nothing, []]);
      expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([['createRule', 'failed']]);

      const all = [target, channel, schedule, ruleTo('applied')];
      await apply(all);
      const made = { target: url, channels: 1, schedules: 1, rules: 1 };
      expect([await found(), told]).toEqual([made, expect.arrayContaining(['rule created', 'kick'])]);
      expect((await apply(all)).changes.every(({ change }) => change === 'unchanged')).toBe(true);

      // Also what is changed and deleted.
      const moved: DocumentInput = { kind: 'target', id: 'applied', spec: { url: 'http://127.0.0.1:10' } };
      await expect(apply([moved, ruleTo('nowhere')], true)).rejects.toMatchObject({ code: 'validation' });
      expect(await found()).toEqual(made);
      await apply([moved], true);
      expect(await found()).toEqual({ target: 'http://127.0.0.1:10', channels: 0, schedules: 0, rules: 0 });
      await apply([], true);
      expect(await found()).toEqual(nothing);
    });
  });
}
