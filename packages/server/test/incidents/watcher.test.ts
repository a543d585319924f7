import { rm } from 'node:fs/promises';
import {
  newCheckId,
  newMaintenanceId,
  newRuleId,
  newScheduledRunId,
  newScheduleId,
  type CheckResult,
  type Incident,
  type LoadGenerator,
  type Rule,
  type ServiceCheck,
} from '@hive/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { createWatcher, type Watcher, type WatcherParts } from '../../src/incidents/watcher.js';
import { planSchedule } from '../../src/schedules/plan-schedule.js';
import { openStore, type OpenedStore } from '../../src/store/open.js';
import { manualClock } from '../schedules/manual-clock.js';
import { sampleSession, sampleTarget } from '../store/samples.js';

const MINUTE_MS = 60_000;
const log = { debug() {}, info() {}, warn() {}, error() {} };

let opened: OpenedStore;
let dataDir: string;
let time: ReturnType<typeof manualClock>;
let targetId: string;
let month = 0;
const begun: Watcher[] = [];
const told: Incident[] = [];
beforeAll(async () => {
  dataDir = await preparedData('hive-watcher-');
  opened = await openStore({ dataDir });
}, 60_000);
afterAll(async () => {
  await opened.close();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  // What Hive knows of itself stays from test to test, so that each has a day of its own.
  time = manualClock(opened, `2099-${String((month += 1)).padStart(2, '0')}-01T00:00:00.000Z`);
  targetId = await addTarget();
});
afterEach(async () => {
  await end();
  for (const { id } of await opened.listTargets()) await opened.deleteTarget(id);
  for (const { id, target } of await opened.listIncidents({ limit: 100 }))
    if (target === null) await opened.noteIncident(closing(id), { closedAt: time.now() });
  told.length = 0;
});

const closing = (incidentId: string) => ({
  id: newCheckId(),
  incidentId,
  at: time.now(),
  type: 'note' as const,
  who: null,
  text: null,
});

async function end(): Promise<void> {
  await Promise.all(begun.splice(0).map((one) => one.close()));
}

async function addTarget(url = 'http://127.0.0.1:9'): Promise<string> {
  const target = { ...sampleTarget(), nodes: [{ url, weight: 1 }], labels: { team: 'shop' } };
  await opened.saveTarget(target);
  return target.id;
}

function instance(fleet: WatcherParts['fleet'] = null): Watcher {
  const watcher = createWatcher({
    fleet,
    store: time.store,
    clock: time.clock,
    log,
    changed: async (incidents) => void told.push(...incidents),
    headroom: async () => ({ peakPerSecond: 200, headroom: 1.1, atTwice: null, at: null }),
    compare: async () => ({ answer: 'worse', tolerance: 0.1, items: [], reasons: ['the limit is lower'] }),
  });
  begun.push(watcher);
  return watcher;
}

async function addRule(when: Rule['when'], change: Partial<Rule> = {}): Promise<Rule> {
  const at = time.now();
  const made = { id: newRuleId(), createdAt: at, changedAt: at, name: 'a rule', target: targetId, when };
  const rule = { ...made, severity: 'page' as const, labels: {}, remindMinutes: null, routes: [], on: true, ...change };
  await opened.createRule(rule);
  return rule;
}

/** A minute later a check of a target is kept, and told to these. */
async function checked(result: CheckResult, to: Watcher[], target = targetId): Promise<ServiceCheck> {
  await time.pass(MINUTE_MS);
  const reason = result === 'pass' ? null : '3 of 5 requests failed: the connection was refused (http://127.0.0.1:9)';
  const asked = { asked: 5, good: result === 'pass' ? 5 : 2, medianMs: 1, slowestMs: 2, attempts: 1 };
  const rest = { scheduleId: null, objectives: [], certificateDays: null };
  const check = { id: newCheckId(), target, at: time.now(), result, reason, ...asked, ...rest };
  await opened.createCheck(check);
  await Promise.all(to.map((one) => one.onCheck(check)));
  return check;
}

const incidents = () => opened.listIncidents({ target: targetId, limit: 100 });
const eventsOf = async ({ id }: { id: string }): Promise<string[]> =>
  (await opened.listIncidentEvents(id)).map(({ type }) => type);

describe('the watcher', () => {
  it('opens one incident at a failed check and closes it after two passes, also where three look', async () => {
    const all = [instance(), instance(), instance()];
    await checked('pass', all);
    const bad = await checked('fail', all);
    await checked('fail', all);
    const [open] = await incidents();
    expect(await incidents()).toHaveLength(1);
    expect(open).toMatchObject({
      rule: 'Checks fail',
      severity: 'page',
      status: 'open',
      since: bad.at,
      observed: '3 of 5 requests without an acceptable answer',
      summary: expect.stringContaining('the connection was refused'),
      labels: { team: 'shop' },
    });
    await checked('invalid', all);
    await checked('pass', all);
    expect((await incidents())[0]?.status).toBe('open');
    await checked('pass', all);
    expect((await incidents())[0]).toMatchObject({ status: 'closed', closedAt: time.now() });
    expect(open && (await eventsOf(open))).toEqual(['opened', 'closed']);
    expect(told.map(({ status }) => status)).toEqual(['open', 'closed']);
  });

  it('goes on after a restart: it repeats nothing, and finds what was kept meanwhile', async () => {
    await checked('fail', [instance()]);
    await end();
    await checked('pass', []);
    await checked('pass', []);
    await checked('fail', []);
    const after = instance();
    await time.settled();
    await checked('fail', [after]);
    expect((await incidents()).map(({ status }) => status)).toEqual(['open', 'closed']);
    expect(told.map(({ status }) => status)).toEqual(['open', 'closed', 'open']);
  });

  it('opens nothing within maintenance, and sees what is still bad at its end', async () => {
    const one = instance();
    const until = new Date(time.clock.wall() + 2.5 * MINUTE_MS).toISOString();
    const window = { id: newMaintenanceId(), target: targetId, from: time.now(), to: until, reason: 'update' };
    await opened.createMaintenance(window);
    await checked('fail', [one]);
    await checked('fail', [one]);
    expect(await incidents()).toEqual([]);
    await checked('fail', [one]);
    expect(await incidents()).toHaveLength(1);
    await opened.deleteMaintenance(window.id);
  });

  it('opens one about Hive where Hive itself reaches nothing, and none of its targets', async () => {
    const one = instance();
    const far = [];
    for (const host of ['a', 'b', 'c']) far.push(await addTarget(`http://${host}.example.org`));
    const [a = '', b = '', c = ''] = far;
    await checked('fail', [], a);
    await checked('fail', [], b);
    await checked('fail', [one], c);
    const ofHive = async () => (await opened.listIncidents({ limit: 9 })).filter(({ target }) => target === null);
    expect(await opened.listIncidents({ target: c, limit: 9 })).toEqual([]);
    expect(await ofHive()).toMatchObject([{ status: 'open', summary: expect.stringContaining('none of 3 targets') }]);
    await checked('pass', [one], a);
    expect(await ofHive()).toMatchObject([{ status: 'closed' }]);
  });

  it('tells what belongs to one target within 30 s at once', async () => {
    const second = await addRule({ type: 'checks', results: ['fail'] }, { severity: 'ticket' });
    await checked('fail', [instance()]);
    const [one, other] = await incidents();
    const [lead, joined] = one?.groupId === null ? [one, other] : [other, one];
    expect(lead).toMatchObject({ groupId: null, severity: 'page' });
    expect(joined).toMatchObject({ groupId: lead?.id, ruleId: second.id });
  });

  it('reminds of what nobody acknowledged, once each time', async () => {
    const rule = await addRule({ type: 'checks', results: ['degraded'] }, { remindMinutes: 5, severity: 'page' });
    const all = [instance(), instance()];
    await checked('degraded', all);
    await time.pass(11 * MINUTE_MS);
    const open = (await incidents()).find(({ ruleId }) => ruleId === rule.id);
    expect(open?.groupId).toBe(null);
    expect(open && (await eventsOf(open))).toEqual(['opened', 'reminded', 'reminded']);
  });

  it('judges sessions: a safe rate that is too low, and one worse than before; headroom', async () => {
    const one = instance();
    await addRule({ type: 'limit', kind: 'load_balancing', safeBelow: 400 }, { name: 'limit' });
    await addRule({ type: 'worse' }, { name: 'worse' });
    await addRule({ type: 'headroom', below: 1.3 }, { name: 'headroom' });
    await time.pass(MINUTE_MS);
    const limit = {
      kind: 'load_balancing' as const,
      unit: 'requests/s',
      status: 'known' as const,
      method: 'belief' as const,
      estimate: 390,
      low: 377,
      high: 405,
      level: 0.95,
      safe: 370,
      band: null,
      horizonSeconds: 5,
      binding: null,
      scenarios: 12,
      updatedAt: null,
    };
    const at = { started_at: time.now(), ended_at: time.now() };
    await opened.createSession(sampleSession(targetId, { ...at, limits: [limit] }));
    await one.onMeasured(targetId);
    const found = Object.fromEntries((await incidents()).map((each) => [each.rule, each]));
    expect(found['limit']).toMatchObject({
      observed: 'safe at 370 requests/s',
      allowed: 'at least 400 requests/s',
      trust: 'the limit lies at 377–405 requests/s (12 runs)',
    });
    expect(found['headroom']).toMatchObject({ observed: '1.1 × peak traffic', allowed: 'at least 1.3 × peak traffic' });
    expect(found['worse']).toMatchObject({ status: 'open' });
  });

  it('opens one for a load generator that is silent for a minute, and closes it when it is heard or leaves', async () => {
    const one = { name: 'eu-1', region: 'eu', joined: true, invitedUntil: null, version: '1.0.0', threads: 1 };
    const states: Record<string, LoadGenerator['state']> = { 'eu-1': 'idle', 'us-1': 'idle', 'eu-2': 'never_seen' };
    const invited = new Set(['eu-2']);
    const generatorOf = (name: string): LoadGenerator => {
      const [region = ''] = name.split('-');
      return { ...one, name, region, roundTripMs: 1, state: states[name]!, joined: !invited.has(name) };
    };
    const view = () => ({ url: 'nats://127.0.0.1', loadGenerators: Object.keys(states).map(generatorOf) });
    const { id } = await addRule({ type: 'load_generators', region: 'eu' }, { target: null, severity: 'ticket' });
    instance({ view });
    await time.settled();
    const found = async () => {
      await time.pass(MINUTE_MS);
      const all = (await opened.listIncidents({ limit: 100 })).filter(({ ruleId }) => ruleId === id);
      return all.map(({ status, summary }) => `${status}: ${summary}`);
    };
    states['eu-1'] = states['us-1'] = 'stale';
    expect(await found()).toEqual([]);
    const silent = 'load generator eu-1 in eu is not heard';
    expect(await found()).toEqual([`open: ${silent}`]);
    states['eu-1'] = 'busy';
    expect(await found()).toEqual([`closed: ${silent}`]);
    states['eu-1'] = 'incompatible';
    await found();
    expect((await found())[0]).toMatch(/^open: load generator eu-1 in eu has version 1.0.0/);
    delete states['eu-1'];
    expect((await found()).every((text) => text.startsWith('closed'))).toBe(true);
    // Revoked and invited again, within one look.
    states['eu-1'] = 'stale';
    await found();
    expect((await found())[0]).toBe(`open: ${silent}`);
    invited.add('eu-1');
    states['eu-1'] = 'never_seen';
    expect((await found())[0]).toBe(`closed: ${silent}`);
  });

  it('judges what a schedule does, and says when it measured nothing for a day', async () => {
    const written = { target: targetId, what: { type: 'verify' as const, atPerSecond: 300, forSeconds: 60 } };
    const timed = { ...written, when: '0 3 * * *', timeZone: 'UTC', on: true, createdAt: time.now() };
    const schedule = await planSchedule({ ...timed, id: newScheduleId() }, time.clock.wall());
    await opened.createSchedule(schedule);
    await addRule({ type: 'schedule', schedule: schedule.id });
    const one = instance();
    const ran = async (result: 'fail' | 'pass' | 'invalid') => {
      await time.pass(MINUTE_MS);
      const run = { id: newScheduledRunId(), scheduleId: schedule.id, dueAt: time.now(), startedAt: time.now() };
      const ended = { endedAt: time.now(), result, reason: null, sessionId: null, checkId: null };
      const begin = { ...run, ...ended, endedAt: null, result: 'running' as const };
      await opened.startScheduledRun(begin, new Date(time.clock.wall() + MINUTE_MS));
      await opened.updateScheduledRun({ ...run, ...ended });
      await one.onMeasured(targetId);
    };
    await ran('fail');
    expect(await incidents()).toMatchObject([{ status: 'open', rule: 'a rule' }]);
    await ran('invalid');
    expect(await incidents()).toMatchObject([{ status: 'open' }]);
    await ran('pass');
    expect(await incidents()).toMatchObject([{ status: 'closed' }]);
    await end();
    time.jump(2 * 24 * 60 * MINUTE_MS);
    begun.push(instance());
    await ran('invalid');
    await time.pass(11 * MINUTE_MS);
    const ofHive = (await opened.listIncidents({ status: 'open', limit: 9 })).filter(({ target }) => target === null);
    expect(ofHive).toMatchObject([{ severity: 'ticket', summary: expect.stringContaining('cannot measure') }]);
  });
});
