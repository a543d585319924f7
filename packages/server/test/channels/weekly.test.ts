import { rm } from 'node:fs/promises';
import {
  HiveError,
  newScheduledRunId,
  newScheduleId,
  type Analytics,
  type Incident,
  type ScheduledRun,
} from '@hive/contract';
import PostalMime, { type Email } from 'postal-mime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { itSlow } from '../../../../test/slow.js';
import { listChannels } from '../../src/actions/channels/list-channels.js';
import { whoMayAll } from '../../src/identity/principal.js';
import { createMailSender, type MailSender } from '../../src/channels/sender.js';
import { weekOwed } from '../../src/channels/weekly/week.js';
import { createWeeklyMails } from '../../src/channels/weekly/weekly-mails.js';
import { planSchedule } from '../../src/schedules/plan-schedule.js';
import { openStore, type OpenedStore } from '../../src/store/open.js';
import type { StoredChannel } from '../../src/store/store.js';
import { manualClock } from '../schedules/manual-clock.js';
import { sampleCheck, sampleSession, sampleTarget } from '../store/samples.js';
import { channelOf, senderParts } from './samples.js';
import { startSmtpReceiver, type SmtpReceiver } from './smtp-receiver.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const nothing = { target: null, kinds: [], limits_since: null, recommendations: [] } as unknown as Analytics;

let opened: OpenedStore;
let dataDir: string;
let receiver: SmtpReceiver;
let time: ReturnType<typeof manualClock>;
const begun: { close(): Promise<void> }[] = [];
const sending = new Set<Promise<unknown>>();

beforeAll(async () => {
  dataDir = await preparedData('hive-weekly-');
  opened = await openStore({ dataDir });
  receiver = await startSmtpReceiver();
}, 60_000);
afterAll(async () => {
  await opened.close();
  await receiver.close();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  // A Sunday.
  time = manualClock(opened, '2099-03-01T12:00:00.000Z');
  await opened.saveTarget({ ...sampleTarget(), id: 'checkout', labels: { team: 'shop' } });
  await opened.saveTarget({ ...sampleTarget(), id: 'ledger', labels: { team: 'bank' } });
});
afterEach(async () => {
  await end();
  for (const { id } of await opened.listChannels()) await opened.deleteChannel(id);
  for (const { id } of await opened.listTargets()) await opened.deleteTarget(id);
  Object.assign(receiver, { refuse: null });
  receiver.mails.length = 0;
  sending.clear();
});

async function end(): Promise<void> {
  await Promise.all(begun.splice(0).map((one) => one.close()));
}

function instance(
  analyse = async (_target: string): Promise<Analytics> => nothing,
  send = createMailSender(senderParts()),
): void {
  const sendMail: MailSender = (...input) => {
    const sent = send(...input);
    sending.add(sent);
    return sent;
  };
  const { clock, store } = time;
  const limits = async () => ({ limits: [], traffic: null });
  begun.push(
    createWeeklyMails({ store, clock, log, sendMail, publicUrl: 'https://hive.example.org', analyse, limits }),
  );
}

/** Much later, and then some minutes, in which mails take real time. */
async function pass(ms: number): Promise<void> {
  const lastMs = 5 * MINUTE_MS;
  time.jump(Math.max(0, ms - lastMs));
  for (let passed = 0; passed < lastMs; passed += MINUTE_MS) {
    await time.pass(MINUTE_MS);
    await Promise.all(sending);
    await time.settled();
  }
}

async function addChannel(id: string, change: Partial<StoredChannel> = {}, settings: object = {}): Promise<void> {
  const smtp = { host: '127.0.0.1', port: receiver.port, security: 'none' };
  const mail = { from: 'hive@example.org', to: [`${id}@example.org`], smtp, weekly: 'monday', ...settings };
  const at = time.now();
  await opened.createChannel({ ...channelOf('email', mail), id, createdAt: at, changedAt: at, ...change });
}

async function incident(target: string, text: string, labels: Incident['labels']): Promise<void> {
  const at = time.now();
  const found = { rule: 'a rule', severity: 'page' as const, since: at, summary: text, labels };
  const change = { type: 'opened' as const, at, text, found: { ...found, observed: null, allowed: null, trust: null } };
  const start = { at, isOpen: false, flapping: false, recent: '' };
  await opened.watch({ key: `${target}/${text}`, ruleId: null, target }, start, (state) => ({
    state,
    changes: [change],
  }));
}

function skippedOf(scheduleId: string, at: string): ScheduledRun {
  const times = { dueAt: at, startedAt: at, endedAt: at };
  return {
    id: newScheduledRunId(),
    scheduleId,
    ...times,
    result: 'skipped',
    reason: null,
    sessionId: null,
    checkId: null,
  };
}

const read = (index = 0): Promise<Email> => PostalMime.parse(receiver.mails[index]?.raw ?? '');
const whom = () => receiver.mails.map(({ to }) => to.join());

describe('the weekly mail', () => {
  it('comes once a week, from one of several instances, to those who ask for it, over restarts', async () => {
    await addChannel('everything');
    await addChannel('never', {}, { weekly: undefined });
    await addChannel('off', { on: false });
    for (const _ of 'abc') instance();
    await pass(18 * HOUR_MS);
    expect(whom()).toEqual([]);
    await pass(2 * HOUR_MS);
    expect(whom()).toEqual(['everything@example.org']);
    await end();
    for (const _ of 'ab') instance();
    await pass(2 * DAY_MS);
    await pass(4 * DAY_MS);
    expect(whom()).toEqual(['everything@example.org']);
    await end();
    // Missed while nothing ran: once, a day later.
    time.jump(2 * DAY_MS);
    for (const _ of 'ab') instance();
    await pass(2 * HOUR_MS);
    expect(whom()).toEqual(['everything@example.org', 'everything@example.org']);
    expect((await read()).subject).toBe('Hive, week to 2099-03-02: no incidents');
    expect((await read()).text).toContain('Nothing happened');
    expect((await read(1)).messageId).toBe('<week-everything-2099-03-09@hive>');
  });

  it('says what happened to the targets of which the channel hears', async () => {
    await addChannel('shop', { when: { team: 'shop' } });
    await incident('checkout', '3 of 5 requests failed <script>', { team: 'shop' });
    await incident('ledger', 'is away', { team: 'bank' });
    const check = { target: 'checkout', at: '2099-03-02T06:30:00.000Z', result: 'pass' as const, certificateDays: 9 };
    await opened.createCheck({ ...sampleCheck(), ...check });
    const place = { session_id: 'training_x', at: '2099-03-02T03:00:00.000Z' };
    const marks = [{ id: 'm', at: place.at, text: 'release 1.4' }];
    const kind = { kind: 'load_balancing', steps: [{ before: place, after: place, ratio: 0.8, marks }] };
    const asked: string[] = [];
    instance(async (target) => {
      asked.push(target);
      return { ...nothing, kinds: [kind] } as unknown as Analytics;
    });
    await pass(20 * HOUR_MS);
    const mail = await read();
    expect(asked).toEqual(['checkout']);
    expect(mail.subject).toBe('Hive, week to 2099-03-02: 1 incident, 1 limit moved');
    for (const part of [
      'still open (page): checkout: 3 of 5 requests failed <script>, since 2099-03-01 12:00 UTC (19 h)',
      'checkout: Max rate fell by 20 %, after release 1.4',
      'checkout: it ends in 9 days',
      'https://hive.example.org/targets/checkout',
    ])
      expect(mail.text).toContain(part);
    expect(mail.html).toContain('3 of 5 requests failed &lt;script&gt;');
    expect(`${mail.text}${mail.html}`).not.toContain('ledger');
  });

  it('is tried again when it could not be written, three times at most, and keeps no other channel waiting', async () => {
    for (const id of ['never', 'once']) await addChannel(id, { when: { team: id } });
    await addChannel('well', { when: { team: 'bank' } });
    for (const id of ['never', 'once']) await opened.saveTarget({ ...sampleTarget(), id, labels: { team: id } });
    const asked: string[] = [];
    instance(async (target) => {
      asked.push(target);
      if (target === 'never' || (target === 'once' && asked.filter((one) => one === target).length === 1))
        throw new HiveError('not_found', `no target ${target}`);
      return nothing;
    });
    await pass(20 * HOUR_MS);
    expect(whom()).toEqual(['well@example.org', 'once@example.org']);
    await pass(2 * HOUR_MS);
    expect(asked.toSorted()).toEqual(['ledger', 'never', 'never', 'never', 'once', 'once']);
    const mails = (await opened.listWeeklyMails()).toSorted((a, b) => (a.channel < b.channel ? -1 : 1));
    expect(mails).toMatchObject([
      { channel: 'never', endedAt: expect.any(String), problem: 'the mail could not be written: no target never' },
      { channel: 'once', endedAt: expect.any(String), problem: null },
      { channel: 'well', endedAt: expect.any(String), problem: null },
    ]);
  });

  itSlow('counts all of a week, however much happened', async () => {
    const many = Array.from({ length: 205 }, (_, index) => index);
    const at = new Date(Date.parse(time.now()) - DAY_MS).toISOString();
    const written = { target: 'checkout', what: { type: 'train' as const }, timeZone: 'UTC', on: true, createdAt: at };
    const planned = await planSchedule({ ...written, id: newScheduleId(), when: 'every 15m' }, time.clock.wall());
    await opened.createSchedule(planned);
    await incident('ledger', 'of the bank', { team: 'bank' });
    for (const index of many) {
      await incident('ledger', `is away ${index}`, { team: 'shop' });
      const ended = { started_at: at, ended_at: at, status: 'failed' as const };
      await opened.createSession(sampleSession('checkout', { ...ended, id: `failed-${index}` }));
      await opened.startScheduledRun(skippedOf(planned.id, at), new Date(at));
    }
    // Newer than all of these, and of no use to this mail.
    const later = new Date(Date.parse(at) + HOUR_MS).toISOString();
    for (const index of many)
      await opened.createSession(
        sampleSession('checkout', { id: `fine-${index}`, started_at: later, ended_at: later }),
      );
    await addChannel('bank', { when: { team: 'bank' } });
    await addChannel('everything');
    instance();
    await pass(20 * HOUR_MS);
    const [ofBank, ofAll] = [await read(0), await read(1)];
    expect(ofBank.subject).toBe('Hive, week to 2099-03-02: 1 incident');
    expect(ofAll.subject).toBe('Hive, week to 2099-03-02: 206 incidents, 205 sessions without a result');
    expect(ofAll.text).toContain('checkout: find limit, 205 times');
  });

  it('that was broken off is not sent again, and says neither that it failed nor that it comes', async () => {
    await addChannel('everything');
    let begun = 0;
    const sent = { ok: false, status: null, body: null, problem: 'it was broken off', hint: null, waitMs: null };
    instance(undefined, async (_channel, _mail, signal) => {
      begun += 1;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { ...sent, final: false };
    });
    time.jump(20 * HOUR_MS);
    await time.pass(MINUTE_MS);
    await end();
    instance();
    await pass(2 * HOUR_MS);
    expect([begun, whom()]).toEqual([1, []]);
    expect(await opened.listWeeklyMails()).toMatchObject([{ channel: 'everything', endedAt: null, problem: null }]);
  });

  it('is tried three times, and then has failed for this week', async () => {
    await addChannel('refused');
    receiver.refuse = { code: 450, text: 'come again later' };
    instance();
    await pass(20 * HOUR_MS);
    const before = sending.size;
    await pass(2 * DAY_MS);
    expect([before, sending.size, whom()]).toEqual([3, 3, []]);
    const shown = await listChannels(opened)(whoMayAll('ada', 'Ada'), undefined);
    expect(shown).toMatchObject([
      { lastWeekly: { dueAt: '2099-03-02T07:00:00.000Z', problem: expect.stringContaining('come again later') } },
    ]);
    expect(
      await opened.claimWeeklyMail('refused', {
        dueAt: new Date('2099-03-02T07:00:00Z'),
        now: new Date('2099-03-05T00:00:00Z'),
      }),
    ).toBeNull();
  });
});

describe('a week', () => {
  const asked = { ...channelOf('email', { weekly: 'monday' }), changedAt: '2026-02-01T00:00:00.000Z' };
  it.each([
    ['before the hour', '2026-03-02T06:59:59Z', null],
    ['at the hour', '2026-03-02T07:00:00Z', '2026-03-02T07:00:00.000Z'],
    ['days later', '2026-03-05T06:59:59Z', '2026-03-02T07:00:00.000Z'],
    ['too late', '2026-03-05T07:00:01Z', null],
    ['after it was asked for', '2026-02-01T08:00:00Z', null],
  ])('is owed %s', (_, now, due) => {
    const owed = weekOwed(asked, Date.parse(now));
    expect(owed === null ? null : new Date(owed).toISOString()).toBe(due);
  });
});
