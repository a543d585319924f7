import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, natsServer } from '../../../../test/services.js';
import { startAnswering, type Answering } from '../../../engine/test/load/answering.js';
import { bookkeeping, constant, follow, order } from '../../../engine/test/load/order.js';
import { endOf, type Membership } from '../../src/joining/membership.js';
import { startTestSwarm, type TestSwarm } from '../bees.js';

const CREDENTIAL_SECONDS = 6;
/** Longer than a credential, wherever in its life the run begins. */
const RUN_MS = 9_000;

describeWith(natsServer, 'a run that is longer than a credential', (program) => {
  let swarm: TestSwarm;
  let target: Answering;
  beforeAll(async () => {
    target = await startAnswering();
    swarm = await startTestSwarm(program, { credentialSeconds: CREDENTIAL_SECONDS });
  });
  afterAll(async () => {
    await swarm.close();
    await target.close();
  });

  it('goes on: the credential is renewed while load runs, and nothing is lost or counted twice', async () => {
    const kept: Membership[] = [];
    await swarm.join('long', { keep: (membership) => void kept.push(membership) });
    const arrivals = constant(50);
    const what = order(target.url, { arrivals, durationMs: RUN_MS, tickMs: 250 });
    const { collector, ticks } = await follow(swarm.hub.load('all'), what, {});
    const endedMs = Date.now();
    const { counts } = collector.whole();
    expect(counts.planned).toBe((RUN_MS / 1_000) * 50);
    expect(counts.sent).toBe(target.seen.length);
    expect(counts.planned).toBe(counts.sent + counts.droppedTarget + counts.droppedGenerator);
    expect(ticks.at(-1)?.lost).toBeUndefined();
    expect(bookkeeping(collector)).toEqual([]);
    // It was renewed in time, and the newest is good still.
    expect(kept.length).toBeGreaterThan(0);
    expect(endOf(kept.at(-1)!)).toBeGreaterThan(endedMs);
    await swarm.hub.look();
    await expect.poll(() => swarm.hub.all()[0]?.state).toBe('idle');
  });
});
