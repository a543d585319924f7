import { createHmac } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { channelInputSchema, newRuleId, newScheduleId, type ChannelInput } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { createLocalBus } from '../../src/bus/local.js';
import { createDeliverer } from '../../src/channels/deliverer.js';
import { sealChannel } from '../../src/channels/seal-channel.js';
import { createSender } from '../../src/channels/sender.js';
import { createCheckLane } from '../../src/checks/check-lane.js';
import { createWatcher } from '../../src/incidents/watcher.js';
import { planSchedule } from '../../src/schedules/plan-schedule.js';
import { createScheduler } from '../../src/schedules/scheduler.js';
import { openStore, type OpenedStore } from '../../src/store/open.js';
import { createVault } from '../../src/vault/vault.js';
import { startReceiver, type Receiver } from '../channels/receiver.js';
import { senderParts } from '../channels/samples.js';
import { manualClock } from '../schedules/manual-clock.js';
import { sampleTarget } from '../store/samples.js';

const MINUTE_MS = 60_000;
const SECRET = 'a long random text';
const CHECKS = 720;
const OUTAGES = 8;
const OUTAGE_MINUTES = 5;
const MIB = 1_048_576;
const log = { debug() {}, info() {}, warn() {}, error() {} };

let store: OpenedStore;
let dataDir: string;
let receiver: Receiver;
beforeAll(async () => {
  dataDir = await preparedData('hive-night-');
  store = await openStore({ dataDir });
  receiver = await startReceiver();
}, 60_000);
afterAll(async () => {
  await store.close();
  await receiver.close();
  await rm(dataDir, { recursive: true, force: true });
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
function heapMib(): number {
  collect();
  return process.memoryUsage().heapUsed / MIB;
}

/** What a night's checks leave, bytes. */
async function stored(): Promise<number> {
  const { stores } = await store.storage();
  return stores.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Hive as it works by itself, with a service that is away when `isAway` says so. */
async function begin(time: ReturnType<typeof manualClock>, isAway: () => boolean) {
  const vault = createVault({ dataDir, keyFile: null });
  const send = createSender({ ...senderParts(time.clock), vault });
  const parts = { store: time.store, clock: time.clock, log, bus: createLocalBus() };
  const deliverer = createDeliverer({
    ...parts,
    publicUrl: 'https://hive.example.org',
    send: (...input) => time.during(send(...input)),
    onEnded: async () => undefined,
  });
  const watcher = createWatcher({
    ...parts,
    headroom: async () => null,
    compare: () => Promise.reject(new Error('nothing is compared')),
    changed: async () => deliverer.kick(),
  });
  const answered = { type: 'answered', status: 200, location: null, ms: 20 } as const;
  const lane = createCheckLane({
    ...parts,
    fleet: null,
    status: async () => ({ running: false }) as never,
    checking: {
      allowTargets: [],
      environment: async () => ({}),
      outside: { ask: async () => ({ ...answered, status: isAway() ? 503 : 200 }) },
    },
    onCheck: (check) => watcher.onCheck(check),
  });
  const scheduler = createScheduler({
    ...parts,
    async work({ id: scheduleId, target: targetId }, { signal }) {
      const target = await time.store.getTarget(targetId);
      const check = target && (await lane.check(target, { scheduleId, everyMs: MINUTE_MS, signal }));
      return { result: check?.result ?? 'interrupted', reason: null };
    },
  });
  const add = async (id: string, written: ChannelInput): Promise<void> => {
    const made = { id, createdAt: time.now(), changedAt: time.now() };
    await store.createChannel(await sealChannel(channelInputSchema.parse(written), made, { vault }));
  };
  await add('hook', { type: 'webhook', url: `${receiver.url}/hook`, secret: SECRET });
  await add('slack', { type: 'slack', url: `${receiver.url}/slack` });
  await add('teams', { type: 'teams', url: `${receiver.url}/teams` });
  return async () => {
    for (const part of [scheduler, watcher, deliverer, parts.bus]) await part.close();
  };
}

async function prepare(time: ReturnType<typeof manualClock>): Promise<string> {
  const target = sampleTarget();
  await store.saveTarget(target);
  const at = time.now();
  const rule = { id: newRuleId(), createdAt: at, changedAt: at, name: 'Checks fail', target: target.id };
  const rest = { severity: 'page' as const, labels: {}, remindMinutes: null, routes: [], on: true };
  for (const { id } of await store.listRules()) await store.deleteRule(id);
  await store.createRule({ ...rule, ...rest, when: { type: 'checks', results: ['fail'] } });
  const written = { target: target.id, what: { type: 'check' as const }, when: 'every 1m', timeZone: 'UTC', on: true };
  await store.createSchedule(await planSchedule({ ...written, id: newScheduleId(), createdAt: at }, time.clock.wall()));
  return target.id;
}

describe('a night', () => {
  it('of 720 checks and 8 outages is told to 3 channels, each opening and end once, in memory that stays flat', async () => {
    const time = manualClock(store, '2026-01-31T19:00:00.000Z');
    const startMs = time.clock.wall();
    const every = CHECKS / OUTAGES;
    const minute = (): number => (time.clock.wall() - startMs) / MINUTE_MS;
    // In the middle of each eighth of the night, not at its ends.
    const isAway = (): boolean => Math.abs((minute() % every) - every / 2) < OUTAGE_MINUTES / 2;
    const target = await prepare(time);
    const close = await begin(time, isAway);
    const heaps: number[] = [];
    const before = await stored();
    for (let hour = 0; hour < CHECKS / 60; hour += 1) {
      await time.pass(60 * MINUTE_MS);
      heaps.push(heapMib());
    }
    await time.pass(5 * MINUTE_MS);
    await close();
    const grown = (await stored()) - before;
    const checks = await store.listChecks({ target, limit: 1_000 });
    const incidents = await store.listIncidents({ target, limit: 100 });

    expect(incidents.map(({ status }) => status)).toEqual(Array.from({ length: OUTAGES }, () => 'closed'));
    // A check of what is away takes a minute: the next one waits its turn.
    expect(checks.length).toBeGreaterThan(CHECKS - 3 * OUTAGES);
    const wanted = incidents.flatMap(({ id }) => [`${id} closed`, `${id} opened`]).toSorted();
    for (const path of ['/hook', '/slack', '/teams'])
      expect([
        path,
        receiver.received
          .filter((one) => one.path === path)
          .map(toldIn)
          .toSorted(),
      ]).toEqual([path, wanted]);
    for (const { headers, raw } of receiver.received.filter(({ path }) => path === '/hook')) {
      const signed = createHmac('sha256', SECRET).update(`${headers['x-hive-timestamp'] as string}.${raw}`);
      expect(headers['x-hive-signature']).toBe(`v1=${signed.digest('hex')}`);
    }
    const [early, late] = [Math.max(...heaps.slice(1, 4)), Math.max(...heaps.slice(-3))];
    process.stdout.write(
      `a night: ${checks.length} checks, ${receiver.received.length} messages, the database grew by ${Math.round(grown / 1_024)} KiB` +
        ` (${Math.round(grown / checks.length)} bytes a check), heap ${heaps.map((one) => one.toFixed(1)).join(' ')} MiB\n`,
    );
    expect(late - early).toBeLessThan(5);
    expect(grown / checks.length).toBeLessThan(4_096);
  });
});

/** Which incident a message is about, and whether it began or ended. */
function toldIn({ raw }: { raw: string }): string {
  const id = /incidents\/(inc_[\w-]+)/.exec(raw)?.[1] ?? '';
  return `${id} ${/Closed: /.test(raw) ? 'closed' : /Opened \(page\): /.test(raw) ? 'opened' : 'something else'}`;
}
