import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { createTestDatabase, describeWith, postgres } from '../../../../test/services.js';
import { openStore } from '../../src/store/open.js';
import { holderIdentity, isGone } from '../../src/process-identity.js';
import type { Store } from '../../src/store/store.js';

function conformance(open: () => Promise<{ store: Store; drop: () => Promise<void> }>): void {
  let store: Store;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ store, drop } = await open());
  });
  afterAll(async () => {
    await store.close();
    await drop();
  });
  const take = (holder: string, more: { ttlMs?: number; from?: string } = {}): Promise<boolean> =>
    store.takeLease({ generator: 'one', holder, sessionId: `of ${holder}`, ttlMs: 60_000, ...more });

  it('a lease has one holder, until it is given back', async () => {
    expect(await take('a')).toBe(true);
    expect(await take('b')).toBe(false);
    expect(await take('a')).toBe(true);
    expect(await store.listLeases()).toEqual([{ generator: 'one', holder: 'a', sessionId: 'of a', expired: false }]);
    await store.releaseLease({ generator: 'one', holder: 'b' });
    expect(await take('b')).toBe(false);
    await store.releaseLease({ generator: 'one', holder: 'a' });
    expect(await store.listLeases()).toEqual([]);
  });

  it('one that ran out is still its holder’s, until another takes it from that holder', async () => {
    expect(await take('late', { ttlMs: -1 })).toBe(true);
    expect(await store.listLeases()).toMatchObject([{ holder: 'late', expired: true }]);
    expect(await take('other')).toBe(false);
    expect(await take('late')).toBe(true);
    expect(await take('other', { from: 'someone else' })).toBe(false);
    expect(await take('other', { from: 'late' })).toBe(true);
    expect(await take('late')).toBe(false);
  });
}

describe('leases in the embedded database', () => {
  let dataDir = '';
  conformance(async () => {
    dataDir = await preparedData('hive-leases-');
    return { store: await openStore({ dataDir }), drop: () => rm(dataDir, { recursive: true, force: true }) };
  });

  it('are forgotten when it is opened: who opens it is alone', async () => {
    const where = await preparedData('hive-leases-');
    const lease = { generator: 'one', holder: 'dead', sessionId: 'ses', ttlMs: 60_000 };
    const before = await openStore({ dataDir: where });
    await before.takeLease(lease);
    await before.close();
    const after = await openStore({ dataDir: where });
    expect(await after.listLeases()).toEqual([]);
    await after.close();
    await rm(where, { recursive: true, force: true });
  });
});

describeWith(postgres, 'leases in PostgreSQL', () => {
  conformance(async () => {
    const { url, drop } = await createTestDatabase();
    return { store: await openStore({ databaseUrl: url, dataDir: '' }), drop };
  });
});

describe('who holds a lease', () => {
  it('is gone when its process is, and unknown from another machine', () => {
    const [host = '', space = '', pid = '', started = ''] = holderIdentity().split(' ');
    expect(isGone(`${[host, space, pid, started].join(' ')} more`)).toBe(false);
    if (space !== '') expect(isGone([host, space, pid, 'another-start'].join(' '))).toBe(true);
    expect(isGone(['elsewhere', space, pid, 'another-start'].join(' '))).toBe(false);
    expect(isGone('anything')).toBe(false);
  });
});
