import { rm } from 'node:fs/promises';
import { newIncidentEventId, type Incident, type IncidentEvent, type Rule } from '@hive/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { createDeliverer, type Deliverer } from '../../src/channels/deliverer.js';
import type { Message } from '../../src/channels/message.js';
import type { Sent } from '../../src/channels/sender.js';
import { openStore, type OpenedStore } from '../../src/store/open.js';
import type { Store, StoredChannel } from '../../src/store/store.js';
import { manualClock } from '../schedules/manual-clock.js';
import { sampleTarget } from '../store/samples.js';

const SECOND_MS = 1_000;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const good: Sent = { ok: true, status: 200, body: null, problem: null, hint: null, waitMs: null, final: false };
const bad: Sent = { ...good, ok: false, status: 503, problem: 'it answered 503' };

let opened: OpenedStore;
let dataDir: string;
let time: ReturnType<typeof manualClock>;
let targetId: string;
let day = 0;
let answers: Sent[] = [];
/** Until then nobody answers. */
let arriving: Promise<void> | null = null;
const begun: Deliverer[] = [];
const sent: { channel: string; message: Message; atMs: number }[] = [];
const endings: string[] = [];

beforeAll(async () => {
  dataDir = await preparedData('hive-deliverer-');
  opened = await openStore({ dataDir });
}, 60_000);
afterAll(async () => {
  await opened.close();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  time = manualClock(opened, `2099-03-${String((day += 1)).padStart(2, '0')}T00:00:00.000Z`);
  const target = sampleTarget();
  targetId = target.id;
  await opened.saveTarget(target);
});
afterEach(async () => {
  await end();
  await opened.deleteTarget(targetId);
  for (const { id } of await opened.listChannels()) await opened.deleteChannel(id);
  for (const list of [sent, endings, answers]) list.length = 0;
  arriving = null;
});

async function end(): Promise<void> {
  await Promise.all(begun.splice(0).map((one) => one.close()));
}

function instance(store: Store = time.store): Deliverer {
  const deliverer = createDeliverer({
    store,
    clock: time.clock,
    log,
    publicUrl: 'https://hive.example.org',
    send: async (channel, message) => {
      sent.push({ channel: channel.id, message, atMs: time.clock.wall() });
      await arriving;
      return answers.shift() ?? good;
    },
    onEnded: async (id) => void endings.push(id),
  });
  begun.push(deliverer);
  return deliverer;
}

async function addChannel(id: string, change: Partial<StoredChannel> = {}): Promise<void> {
  const made = { id, createdAt: time.now(), changedAt: time.now(), name: null, type: 'webhook' as const };
  await opened.createChannel({ ...made, when: {}, on: true, settings: {}, sealed: {}, ...change });
}

async function addRule(routes: Rule['routes']): Promise<string> {
  const at = time.now();
  const made = { id: `rul_${at}`, createdAt: at, changedAt: at, name: 'routed', target: targetId };
  const rest = { severity: 'page' as const, labels: {}, remindMinutes: null, routes, on: true };
  await opened.createRule({ ...made, ...rest, when: { type: 'checks', results: ['fail'] } });
  return made.id;
}

interface Opening {
  key?: string;
  ruleId?: string | null;
  severity?: Incident['severity'];
  labels?: Record<string, string>;
}

async function change(
  type: 'opened' | 'closed' | 'failing',
  { key = 'x', ruleId = null, severity = 'page', labels = { team: 'shop' } }: Opening = {},
): Promise<Incident> {
  const at = time.now();
  const found = { rule: 'a rule', severity, since: at, summary: `${key} is away`, labels };
  const made = { type, at, text: 'away', found: { ...found, observed: '3 of 5', allowed: '1 of 5', trust: null } };
  const start = { at, isOpen: false, flapping: false, recent: '' };
  const watching = { key: `${targetId}/${key}`, ruleId, target: targetId };
  const [incident] = await opened.watch(watching, start, (state) => ({ state, changes: [made] }));
  return incident as Incident;
}

const note = (incident: Incident, type: IncidentEvent['type'], set: Parameters<OpenedStore['noteIncident']>[1] = {}) =>
  opened.noteIncident(
    { id: newIncidentEventId(), incidentId: incident.id, at: time.now(), type, who: 'me', text: null },
    set,
  );
const heard = () => sent.map(({ channel, message }) => `${channel}: ${message.event}`);
const statuses = async ({ id }: Incident) =>
  (await opened.listDeliveries(id)).map(({ event, status, reason }) => [event, status, reason]);

describe('the deliverer', () => {
  it('tells a channel once of an opening and an end, also where three instances look', async () => {
    await addChannel('hook');
    const all = [instance(), instance(), instance()];
    await time.settled();
    const incident = await change('opened');
    for (const one of all) one.kick();
    await time.pass(20 * SECOND_MS);
    await change('closed');
    for (const one of all) one.kick();
    await time.pass(60 * SECOND_MS);
    expect(heard()).toEqual(['hook: opened', 'hook: closed']);
    expect(await statuses(incident)).toEqual([
      ['opened', 'sent', null],
      ['closed', 'sent', null],
    ]);
    expect(endings).toEqual([incident.id, incident.id]);
    expect(sent[0]?.message).toMatchObject({
      link: `https://hive.example.org/incidents/${incident.id}`,
      title: expect.stringMatching(/^Opened \(page\): \S+: x is away, since 2099-03-\d\d 00:00 UTC/),
    });
    expect(sent[0]?.message.facts.slice(1, 3)).toEqual([
      { label: 'Observed', text: '3 of 5' },
      { label: 'Allowed', text: '1 of 5' },
    ]);
  });

  it('repeats nothing after a restart, and tells what happened meanwhile', async () => {
    await addChannel('hook');
    instance();
    await change('opened');
    await time.pass(20 * SECOND_MS);
    await end();
    await change('closed');
    instance();
    await time.pass(60 * SECOND_MS);
    await end();
    instance();
    await time.pass(60 * SECOND_MS);
    expect(heard()).toEqual(['hook: opened', 'hook: closed']);
  });

  it('tries three times, with growing pauses, and then has failed', async () => {
    await addChannel('hook');
    const one = instance();
    answers = [bad, bad, bad];
    const incident = await change('opened');
    one.kick();
    await time.pass(300 * SECOND_MS);
    expect(sent.map(({ atMs }) => (atMs - (sent[0]?.atMs ?? 0)) / SECOND_MS)).toEqual([0, 5, 35]);
    expect(new Set(sent.map(({ message }) => message.delivery)).size).toBe(1);
    expect(await statuses(incident)).toEqual([['opened', 'failed', 'it answered 503']]);
  });

  it('keeps the order: an end waits for its opening, which is not sent any more', async () => {
    await addChannel('hook');
    const one = instance();
    answers = [bad];
    const incident = await change('opened');
    one.kick();
    await time.pass(4 * SECOND_MS);
    await change('closed');
    one.kick();
    await time.pass(60 * SECOND_MS);
    expect(heard()).toEqual(['hook: opened', 'hook: closed']);
    expect(await statuses(incident)).toEqual([
      ['opened', 'skipped', 'it was over before this was sent'],
      ['closed', 'sent', null],
    ]);
  });

  it('obeys who asks for a longer pause, and asks nobody again who asks for hours', async () => {
    await addChannel('hook');
    const one = instance();
    answers = [
      { ...bad, status: 429, problem: 'it answered 429', waitMs: 90 * SECOND_MS },
      { ...bad, status: 429, problem: 'it answered 429', waitMs: 7_200 * SECOND_MS },
    ];
    const incident = await change('opened');
    one.kick();
    await time.pass(300 * SECOND_MS);
    expect(sent.map(({ atMs }) => (atMs - (sent[0]?.atMs ?? 0)) / SECOND_MS)).toEqual([0, 90]);
    expect(new Set(sent.map(({ message }) => message.delivery)).size).toBe(1);
    expect(await statuses(incident)).toEqual([
      ['opened', 'failed', 'it answered 429, and asks to wait longer than an hour'],
    ]);
  });

  it('does not try again what can only end the same way', async () => {
    await addChannel('hook');
    const one = instance();
    answers = [{ ...bad, status: null, problem: 'it is a metadata address', hint: 'name another one', final: true }];
    const incident = await change('opened');
    one.kick();
    await time.pass(120 * SECOND_MS);
    expect(await statuses(incident)).toEqual([['opened', 'failed', 'it is a metadata address; name another one']]);
    expect(sent).toHaveLength(1);
  });

  it('sends nothing while it is muted, nor reminders of what was acknowledged', async () => {
    await addChannel('hook');
    await addChannel('pager', { type: 'pagerduty' });
    const one = instance();
    const incident = await change('opened');
    one.kick();
    await time.pass(20 * SECOND_MS);
    await note(incident, 'acknowledged', { acknowledgedAt: time.now(), acknowledgedBy: 'Ada' });
    await note(incident, 'reminded');
    const mutedUntil = new Date(time.clock.wall() + 3_600 * SECOND_MS).toISOString();
    one.kick();
    await time.pass(20 * SECOND_MS);
    await note(incident, 'muted', { mutedUntil });
    await change('closed');
    one.kick();
    await time.pass(20 * SECOND_MS);
    // A pager keeps incidents of its own: it must hear that somebody has it, and that it is over.
    expect(heard()).toEqual(['hook: opened', 'pager: opened', 'pager: acknowledged', 'pager: closed']);
    expect(await statuses(incident)).toContainEqual(['reminded', 'skipped', 'acknowledged by Ada']);
    expect(await statuses(incident)).toContainEqual(['closed', 'skipped', `muted until ${mutedUntil}`]);
  });

  it('tells in one message what is opened together, and tells others of the second one', async () => {
    await addChannel('everything');
    await addChannel('tickets', { when: { severity: 'ticket' } });
    const one = instance();
    const lead = await change('opened');
    const joined = await change('opened', { key: 'y', severity: 'ticket' });
    expect(joined.groupId).toBe(lead.id);
    one.kick();
    await time.pass(20 * SECOND_MS);
    expect(sent.map(({ channel, message }) => [channel, message.incident.id])).toEqual([
      ['everything', lead.id],
      ['tickets', joined.id],
    ]);
    expect(sent[0]?.message.facts).toContainEqual({ label: 'Also', text: 'y is away' });
  });

  it('routes by the labels of a channel, or as the rule says; a new channel hears no old news', async () => {
    await addChannel('shop', { when: { team: 'shop', severity: 'page' } });
    await addChannel('bank', { when: { team: 'bank' } });
    await addChannel('off', { on: false });
    const ruleId = await addRule([
      { when: { team: 'shop', severity: 'ticket' }, to: ['shop'] },
      { when: { team: 'shop' }, to: ['bank', 'gone', 'off'] },
    ]);
    const one = instance();
    await change('opened');
    time.jump(60 * SECOND_MS);
    await change('opened', { key: 'routed', ruleId });
    one.kick();
    await time.pass(20 * SECOND_MS);
    await addChannel('late');
    one.kick();
    await time.pass(60 * SECOND_MS);
    expect(heard()).toEqual(['shop: opened', 'bank: opened']);
  });

  it('sends nothing again because the store was away while it was sent', async () => {
    await addChannel('hook');
    let away = 3;
    const flaky = new Proxy(time.store, {
      get(of, name) {
        const method = Reflect.get(of, name) as (...input: unknown[]) => Promise<unknown>;
        if (name !== 'endTry') return method;
        return async (...input: unknown[]) => {
          if (away-- > 0) throw new Error('the database is away');
          return method(...input);
        };
      },
    });
    instance(flaky);
    const incident = await change('opened');
    await time.pass(120 * SECOND_MS);
    expect([heard(), await statuses(incident)]).toEqual([['hook: opened'], [['opened', 'sent', null]]]);
  });

  it('sends nothing again because the clock was set while it was sent', async () => {
    await addChannel('hook');
    instance();
    let arrive = (): void => undefined;
    arriving = new Promise((resolve) => (arrive = resolve));
    const incident = await change('opened');
    await time.pass(20 * SECOND_MS);
    time.jump(3_600 * SECOND_MS);
    await time.pass(60 * SECOND_MS);
    arrive();
    await time.pass(20 * SECOND_MS);
    expect([heard(), await statuses(incident)]).toEqual([['hook: opened'], [['opened', 'sent', null]]]);
  });

  it('tells no news of yesterday', async () => {
    await addChannel('hook');
    const incident = await change('opened');
    time.jump(25 * 3_600 * SECOND_MS);
    instance();
    await time.pass(60 * SECOND_MS);
    expect([heard(), await statuses(incident)]).toEqual([[], []]);
  });
});
