import { createThreadLoad } from '@hive/engine';
import { afterAll, describe } from 'vitest';
import { describeWith, haproxy } from '../services.js';
import { BALANCES, tryBalance } from './haproxy-balances.js';

const load = createThreadLoad();
afterAll(() => load.close());

describeWith(haproxy, 'examples/haproxy-three-backends, every way', () => {
  describe.each(BALANCES)('$args, whose limit is within $limit requests/s', (balance) => tryBalance(balance, load));
});
