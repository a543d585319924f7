import { realClock } from '@hive/engine';
import { expect, it } from 'vitest';
import { checkHealth } from '../../src/actions/check-health.js';
import { createLocalBus } from '../../src/bus/local.js';
import { NOBODY } from '../../src/identity/principal.js';
import { databaseUnreachable } from '../../src/store/errors.js';
import type { Store } from '../../src/store/store.js';

it('the health that anyone may ask for names no host, database or user', async () => {
  const bus = createLocalBus();
  const refusal = databaseUnreachable('db.internal:5432/orders', 'password authentication failed for user "bob"');
  const store = { ping: () => Promise.reject(refusal) } as Partial<Store> as Store;
  const runner = { unwritten: () => ({ windows: 3, runs: 1, droppedWindows: 0 }) };
  const health = await checkHealth({ store, bus, clock: realClock, runner })(NOBODY);
  await bus.close();
  expect(health).toMatchObject({ status: 'degraded', canServe: false, checks: { database: { status: 'down' } } });
  expect(health.unwritten).toEqual({ windows: 3, runs: 1, droppedWindows: 0, mostWindows: 3_600 });
  expect(health.checks['database']?.message).toBe('cannot be used (database_unreachable)');
});
