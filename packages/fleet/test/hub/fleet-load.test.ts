import { afterAll, beforeAll } from 'vitest';
import { describeWith, natsServer } from '../../../../test/services.js';
import { itSlow } from '../../../../test/slow.js';
import { loadConformance } from '../../../engine/test/load/conformance.js';
import { startTestSwarm, type TestSwarm } from '../bees.js';

describeWith(natsServer, 'the load of a fleet', (program) => {
  let swarm: TestSwarm;
  beforeAll(async () => {
    swarm = await startTestSwarm(program);
    await swarm.join('one', { region: 'single' });
    for (const [name, weight] of [
      ['three', 3],
      ['two', 2],
      ['half', 0.5],
    ] as const)
      await swarm.join(name, { region: 'several', weight });
  });
  afterAll(() => swarm.close());

  loadConformance(
    () => swarm.hub.load({ single: 1 }),
    () => swarm.hub.load({ several: 1 }),
    itSlow,
  );
});
