import { KINDS } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { GOLDEN_SESSIONS, goldenFileOf, tellSession } from './sessions.js';

// Who moves code keeps every byte of these files. Who changes what is chosen, judged or learned makes them again with
// `npm run test:slow -- golden -u`, in a commit of its own that says why.
describe('what sessions told before', () => {
  it.each(KINDS)('is told again: %s', { timeout: 900_000 }, async (kind) => {
    const told: string[] = [];
    for (const session of GOLDEN_SESSIONS.filter((one) => one.kind === kind)) told.push(await tellSession(session));
    await expect(told.join('\n')).toMatchFileSnapshot(goldenFileOf(kind));
  });
});
