import { startBee, type Bee, type BeeOptions } from '../src/bee/bee.js';
import { startHub, type Hub } from '../src/hub/hub.js';
import { invite } from '../src/joining/invite.js';
import { joinFleet } from '../src/joining/membership.js';
import { readJoin } from '../src/keys/join-string.js';
import { startTestFleet, type TestFleet } from './nats-process.js';

/** What tests of other packages need of this one. */
export { publicKeyOf, userJwt } from '../src/keys/claims.js';
export { beeSubject } from '../src/keys/subjects.js';
export { invite, readJoin, startHub, startTestFleet, type Hub, type TestFleet };

export const NO_CAPS = { maxRate: Infinity, maxConnections: Infinity, maxSeconds: Infinity };

export interface TestSwarm {
  fleet: TestFleet;
  hub: Hub;
  bees: Bee[];
  /** Adds one load generator to the fleet. */
  join(name: string, more?: Partial<BeeOptions> & { region?: string }): Promise<Bee>;
  close(): Promise<void>;
}

/** A fleet with its server and its hub, without load generators. */
export async function startTestSwarm(
  program: string,
  options: Parameters<typeof startHub>[1] = {},
): Promise<TestSwarm> {
  const fleet = await startTestFleet(program);
  const hub = await startHub(fleet, options);
  const bees: Bee[] = [];
  return {
    fleet,
    hub,
    bees,
    async join(name, { region, ...more } = {}) {
      const { join } = await invite(fleet, { name, region: region ?? null });
      const bee = await joinAs(join, more);
      bees.push(bee);
      await hub.look();
      return bee;
    },
    async close() {
      await Promise.all(bees.map((bee) => bee.close()));
      await hub.close();
      await fleet.close();
    },
  };
}

/** A load generator in this process that takes an invitation up. */
export async function joinAs(join: string, more: Partial<BeeOptions> = {}): Promise<Bee> {
  const membership = await joinFleet(readJoin(join));
  return startBee({ membership, threads: 1, allowTargets: [], environment: {}, caps: NO_CAPS, ...more });
}
