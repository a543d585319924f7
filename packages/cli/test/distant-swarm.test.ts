import { availableParallelism, loadavg } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, natsServer } from '../../../test/services.js';
import { itSlow } from '../../../test/slow.js';
import { untilJudged } from '../../../test/until-judged.js';
import { constant, follow, order } from '../../engine/test/load/order.js';
import { startDistantSwarm, type DistantSwarm } from './distant-swarm.js';

/** From here on a run is doubtful (docs/fleet.md). */
const DOUBTFUL_MS = 50;
const SLOW = 300_000;
const USUAL_MS = 5;
const MOST_MS = 25;

function tell(tripMs: number, spreads: readonly number[]): void {
  const texts = spreads.map((ms) => ms.toFixed(1));
  process.stdout.write(
    `round trip ${tripMs} ms, load ${loadavg()[0]!.toFixed(1)}: starts apart ${texts.join(', ')} ms\n`,
  );
}

describeWith(natsServer, 'load generators far from Hive and from each other', (program) => {
  let swarm: DistantSwarm;
  beforeAll(async () => {
    swarm = await startDistantSwarm(program);
  });
  afterAll(() => swarm?.close());

  const asked = (perSecond: number, durationMs: number) => {
    const requests = [{ name: 'a', method: 'GET', path: '/', headers: { 'x-who': '${HIVE_SECRET_WHO}' }, weight: 1 }];
    return order(swarm.url, { requests, arrivals: constant(perSecond), durationMs, tickMs: 250 });
  };
  const firstOf = (name: string): number => swarm.arrivals.find(({ who }) => who === name)!.atMs;
  const lastOf = (name: string): number => swarm.arrivals.findLast(({ who }) => who === name)!.atMs;
  const now = (): number => Number(process.hrtime.bigint()) / 1e6;

  /** How far apart the first requests of the two were. Planned are 2,000 a second, so that they are about a millisecond apart by the plan. */
  async function spread(): Promise<number> {
    swarm.arrivals.length = 0;
    await follow(swarm.hub.load('all'), asked(2_000, 100), {});
    return Math.abs(firstOf('near-1') - firstOf('far-1'));
  }

  /** Aborts a run; returns how long the last request came after that, ms. */
  async function lastAfterAbort(): Promise<number> {
    const aborting = new AbortController();
    let abortedAtMs = Infinity;
    const { collector } = await follow(swarm.hub.load('all'), asked(200, 20_000), {
      signal: aborting.signal,
      seen: (ticks) => {
        if (ticks.length !== 2) return;
        abortedAtMs = now();
        aborting.abort();
      },
    });
    const { counts } = collector.whole();
    expect(counts.planned).toBe(counts.sent + counts.droppedTarget + counts.droppedGenerator);
    return swarm.arrivals.at(-1)!.atMs - abortedAtMs;
  }

  it('begin together and end together, whatever their wall clocks say', async () => {
    await swarm.setTrip(40);
    const spreads: number[] = [];
    while (spreads.length < 5) spreads.push(await spread());
    // The middle one: on two busy processors a thread may wait longer than that for its turn.
    expect(spreads.sort((a, b) => a - b)[2]).toBeLessThan(DOUBTFUL_MS);
    expect(await lastAfterAbort()).toBeLessThan(1_000);
  });

  itSlow.each([0, 40, 150])(
    'begin within 5 ms of each other with round trips of %i ms',
    { timeout: SLOW },
    async (trip) => {
      await swarm.setTrip(trip);
      const starts = async (): Promise<{ middle: number; worst: number }> => {
        const spreads: number[] = [];
        while (spreads.length < 20) spreads.push(await spread());
        spreads.sort((a, b) => a - b);
        tell(trip, spreads);
        return { middle: spreads[10]!, worst: spreads.at(-1)! };
      };
      // While more wants to run than there are processors, a thread may wait for its turn.
      const isBusy = (): boolean => loadavg()[0]! > availableParallelism();
      const { middle, worst } = await untilJudged('20 starts', starts, (seen) =>
        seen.worst >= MOST_MS && isBusy()
          ? { status: 'invalid', reasons: [`a start was ${seen.worst.toFixed(1)} ms apart`] }
          : { status: 'valid', reasons: [] },
      );
      expect(middle).toBeLessThan(USUAL_MS);
      expect(worst).toBeLessThan(MOST_MS);
      expect(await lastAfterAbort()).toBeLessThan(1_000);
    },
  );

  itSlow.each([
    [40, 'comes back'],
    [150, 'stays away'],
  ])('whose line is cut stop by themselves, %i ms away; one that %s', { timeout: SLOW }, async (trip, what) => {
    await swarm.setTrip(trip);
    swarm.arrivals.length = 0;
    let cutAtMs = Infinity;
    let done = Promise.resolve();
    const cutFor = async (ms: number): Promise<void> => {
      await swarm.cut('far-1');
      cutAtMs = now();
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (what === 'comes back') await swarm.restore('far-1');
    };
    const { collector, ticks } = await follow(swarm.hub.load('all'), asked(200, 20_000), {
      seen: (so) => {
        if (so.length === 4) done = cutFor(4_000);
      },
    });
    await done;
    if (what === 'stays away') await swarm.restore('far-1');
    // It hears Hive every 250 ms, and stops 1.5 s after the last time.
    expect(lastOf('far-1') - cutAtMs).toBeLessThan(1_500 + 250);
    const { counts } = collector.whole();
    expect(collector.validity().reasons[0]).toMatch(/^the load generator far-1 was lost at/);
    expect(counts.planned).toBe(counts.sent + counts.droppedTarget + counts.droppedGenerator);
    const unaccounted = ticks.at(-1)?.lost?.[0]?.unaccounted ?? 0;
    if (what === 'comes back') expect([unaccounted, counts.sent]).toEqual([0, swarm.arrivals.length]);
    else {
      // At most what is unaccounted for was sent besides.
      expect(swarm.arrivals.length - counts.sent).toBeGreaterThanOrEqual(0);
      expect(swarm.arrivals.length - counts.sent).toBeLessThanOrEqual(unaccounted);
    }
    await swarm.hub.look();
    await expect.poll(() => swarm.hub.all().map(({ state }) => state), { timeout: 30_000 }).toEqual(['idle', 'idle']);
  });
});
