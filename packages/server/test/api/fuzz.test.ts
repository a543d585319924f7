import { expect, it } from 'vitest';
import { fuzz } from './fuzz.js';

it('answers whatever is sent to any route with what the contract says', { timeout: 120_000 }, async () => {
  const { statuses } = await fuzz({ requests: 150, seed: 20_261 });
  // Some were taken, some refused, some found nothing.
  for (const status of [200, 400, 404]) expect(statuses[status]).toBeGreaterThan(10);
});
