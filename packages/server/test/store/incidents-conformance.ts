import { newMaintenanceId, newRuleId, type Incident, type Rule } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../src/store/open.js';
import type { Change, WatchState } from '../../src/store/store.js';
import { sampleTarget } from './samples.js';

const at = '2024-03-01T12:00:00.000Z';
const found = { rule: 'a rule', severity: 'page', since: at, summary: 'it is away', labels: {} } as const;
const change = (type: Change['type'], time = at): Change => ({
  type,
  at: time,
  text: 'it is away',
  found: { ...found, observed: null, allowed: null, trust: null, machine: { loadPerCore: 0.5, cores: 2 } },
});

/** What every store must do with rules and incidents. */
export function incidentsConformance(store: () => OpenedStore): void {
  const ruled = async (): Promise<Rule> => {
    const target = sampleTarget();
    await store().saveTarget(target);
    const made = { id: newRuleId(), createdAt: at, changedAt: at, name: 'a rule', target: target.id };
    const rest = { severity: 'page' as const, labels: {}, remindMinutes: null, routes: [], on: true };
    const rule: Rule = { ...made, ...rest, when: { type: 'checks', results: ['fail'] } };
    await store().createRule(rule);
    return rule;
  };
  const start: WatchState = { at, isOpen: false, flapping: false, recent: '' };
  const move = (rule: Rule, changes: Change[], key = `${rule.id}/${rule.target}`): Promise<Incident[]> =>
    store().watch({ key, ruleId: rule.id, target: rule.target }, start, (state) => ({
      state: { ...state, recent: state.recent + changes.map(({ type }) => type[0]).join('') },
      changes,
    }));

  describe('incidents', () => {
    it('has the usual rules from the beginning', async () => {
      const names = (await store().listRules()).map(({ id, severity, when }) => [id, severity, when]);
      expect(names).toContainEqual(['rul_checks_fail', 'page', { type: 'checks', results: ['fail'] }]);
      expect(names).toContainEqual(['rul_checks_degraded', 'ticket', { type: 'checks', results: ['degraded'] }]);
    });

    it('keeps rules as they were written', async () => {
      const rule = await ruled();
      const listed = async () => (await store().listRules()).find(({ id }) => id === rule.id);
      expect(await listed()).toEqual(rule);
      await store().replaceRule({ ...rule, on: false });
      expect(await listed()).toEqual({ ...rule, on: false });
      expect([await store().deleteRule(rule.id), await store().deleteRule(rule.id)]).toEqual([true, false]);
      await expect(store().createRule({ ...rule, id: newRuleId(), target: 'nobody' })).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    it('opens one of a key, however many look at once, and one after it is closed', async () => {
      const rule = await ruled();
      const all = await Promise.all(Array.from({ length: 5 }, () => move(rule, [change('opened')])));
      expect(new Set(all.flat().map(({ id }) => id)).size).toBe(1);
      const listed = () => store().listIncidents({ target: rule.target ?? '', limit: 9 });
      const [open] = await listed();
      expect(await store().listIncidentEvents(open?.id ?? '')).toHaveLength(1);
      expect(await store().getIncident(open?.id ?? '')).toEqual({ ...open, machine: { loadPerCore: 0.5, cores: 2 } });
      await move(rule, [change('closed'), change('opened', '2024-03-01T12:05:00.000Z')]);
      expect((await listed()).map(({ status }) => status)).toEqual(['open', 'closed']);
      const [newest] = await listed();
      expect(await store().listIncidents({ before: newest, limit: 9 })).toMatchObject([{ id: open?.id }]);
      let seen = '';
      await store().watch(
        { key: `${rule.id}/${rule.target}`, ruleId: rule.id, target: rule.target },
        start,
        (state) => {
          seen = state.recent;
          return { state, changes: [] };
        },
      );
      expect(seen).toBe('oooooco');
    });

    it('groups what one target has within 30 s, and closes what a rule opened', async () => {
      const [rule, other] = [await ruled(), await ruled()];
      await store().replaceRule({ ...other, target: rule.target });
      const [first] = await move(rule, [change('opened')]);
      const of = { ...other, target: rule.target };
      const [second] = await move(of, [change('opened', '2024-03-01T12:00:20.000Z')]);
      expect([first?.groupId, second?.groupId]).toEqual([null, first?.id]);
      const [late] = await move(of, [change('opened', '2024-03-01T12:01:20.000Z')], 'another');
      expect(late?.groupId).toBe(null);
      expect(await store().openKeys(`${rule.id}/`)).toEqual([`${rule.id}/${rule.target}`]);
      const closed = await store().closeOfRule(rule.id, { at, who: 'me', text: 'the rule was deleted' });
      expect(closed).toMatchObject([{ id: first?.id, status: 'closed' }]);
      expect(await store().openKeys(`${rule.id}/`)).toEqual([]);
    });

    it('notes what people say, each thing once', async () => {
      const rule = await ruled();
      const [open] = await move(rule, [change('opened')]);
      const said = { id: 'ine_' + open?.id, incidentId: open?.id ?? '', at, type: 'acknowledged' as const };
      const set = { acknowledgedAt: at, acknowledgedBy: 'me' };
      const once = () => store().noteIncident({ ...said, who: 'me', text: 'looking' }, set);
      expect(await once()).toMatchObject(set);
      expect(await once()).toBeNull();
      expect(await store().noteIncident({ ...said, incidentId: 'nothing', who: null, text: null }, {})).toBeNull();
      expect(await store().getIncident('\0')).toBeNull();
    });

    it('keeps maintenance', async () => {
      const window = {
        id: newMaintenanceId(),
        target: null,
        from: at,
        to: '2024-03-01T13:00:00.000Z',
        reason: 'update',
      };
      await store().createMaintenance(window);
      const after = (endedAfter: string) => store().listMaintenance({ endedAfter, limit: 9 });
      expect([await after(at), await after(window.to)]).toMatchObject([[window], []]);
      expect([await store().deleteMaintenance(window.id), await store().deleteMaintenance('\0')]).toEqual([
        true,
        false,
      ]);
    });
  });
}
