import { rm } from 'node:fs/promises';
import { HiveError } from '@hive/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import type { Bus } from '../../src/bus/bus.js';
import { createLocalBus } from '../../src/bus/local.js';
import { createLeases, type Lease, type Leases } from '../../src/sessions/lease.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const LEASE_MS = 15_000;
let dataDir: string;
let store: Store;
let nowMs = 0;
const clock = { now: () => nowMs, wall: () => nowMs, sleep: async () => undefined };
/** Whether the database says that leases have run out. */
let expired = false;
let away = false;

beforeAll(async () => {
  dataDir = await preparedData('hive-lease-');
  store = await openStore({ dataDir });
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  nowMs = 0;
  expired = false;
  away = false;
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
});

const refuse = (): void => {
  if (away) throw new HiveError('database_unreachable', 'away');
};
/** The store as it is seen in an outage, or when leases have run out. */
const seen = (): Store => ({
  ...store,
  async listLeases() {
    refuse();
    return (await store.listLeases()).map((lease) => ({ ...lease, expired }));
  },
  async takeLease(lease) {
    refuse();
    return store.takeLease(lease);
  },
});
/** A Redis that is away. */
const noBus = (): Bus => ({
  ...createLocalBus(),
  lock: () => Promise.reject(new HiveError('bus_unreachable', 'away')),
});
/** Two servers that share a store, and a bus or none. */
const two = (bus: () => Bus): [Leases, Leases] => [
  createLeases({ store: seen(), bus: bus(), clock, log }),
  createLeases({ store: seen(), bus: bus(), clock, log }),
];
const taken = async (leases: Leases, lost = (): void => undefined): Promise<Lease> => {
  const lease = await leases.take('ses_1', lost);
  if (lease === null) throw new Error('another has it');
  return lease;
};
const renewals = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(2_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('the right to measure', () => {
  it('has one holder at a time, with or without the bus', async () => {
    const shared = createLocalBus();
    for (const bus of [noBus, () => shared]) {
      const [one, other] = two(bus);
      const lease = await taken(one);
      expect(await other.take('ses_2', () => undefined)).toBeNull();
      expect(await other.alive()).toEqual(new Set(['ses_1']));
      await lease.end();
      expect(await other.alive()).toEqual(new Set());
      await (await taken(other)).end();
    }
  });

  it('is not lost by a late timer, nor by a bus that forgot it', async () => {
    const lost = vi.fn<() => void>();
    const forgetful: Bus = {
      ...createLocalBus(),
      lock: async () => ({ renew: async () => false, release: async () => {} }),
    };
    const [one, other] = two(() => forgetful);
    const lease = await taken(one, lost);
    // Hours late.
    nowMs = 10_000_000;
    expired = true;
    await renewals();
    expect(lost).not.toHaveBeenCalled();
    expect(await other.take('ses_2', () => undefined)).toBeNull();
    await lease.end();
  });

  it('is taken over by nobody within one lease time after an outage', async () => {
    const [one, other] = two(noBus);
    const lost = vi.fn<() => void>();
    const lease = await taken(one, lost);
    away = true;
    await renewals();
    await expect(other.alive()).rejects.toMatchObject({ code: 'database_unreachable' });
    away = false;
    expired = true;
    expect(await other.alive()).toEqual(new Set(['ses_1']));
    nowMs += LEASE_MS - 1;
    expect(await other.take('ses_2', () => undefined)).toBeNull();
    expect(lost).not.toHaveBeenCalled();
    nowMs += 1;
    expect(await other.alive()).toEqual(new Set());
    const next = await other.take('ses_2', () => undefined);
    expect(next).not.toBeNull();
    await renewals();
    expect(lost).toHaveBeenCalledOnce();
    await lease.end();
    expect((await store.listLeases())[0]).toMatchObject({ sessionId: 'ses_2' });
    await next?.end();
  });
});
