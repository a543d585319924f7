import type { RouteOutput, ScenarioDetail } from '@hive/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, natsServer } from '../../../test/services.js';
import { untilJudged } from '../../../test/until-judged.js';
import { FAR_MS, startFarRegion, type FarRegion } from './far-region.js';

describeWith(natsServer, 'a region that is far away', (program) => {
  let far: FarRegion;
  beforeAll(async () => {
    far = await startFarRegion(program, { serviceMs: 2, objective: `p(99)<${FAR_MS - 30}` });
  });
  afterAll(() => far?.close());

  it('breaks an objective that the near one meets, and is named', async () => {
    const ask = async (): Promise<RouteOutput<'getSession'>> => {
      const asked = { target: 'shop', atPerSecond: 30, forSeconds: 2 };
      const { body } = await far.server.ask('POST', '/api/verify', asked);
      await far.server.until(({ running }) => !running);
      return (await far.server.ask<RouteOutput<'getSession'>>('GET', `/api/sessions/${body.session_id}`)).body;
    };
    const session = await untilJudged('a verification from two regions', ask, ({ answer, end_reason }) => ({
      status: answer === 'undecided' ? 'invalid' : 'valid',
      reasons: [end_reason ?? ''],
    }));
    expect([session.answer, session.metrics['regions']]).toEqual(['no', { near: 50, far: 50 }]);
    const [run] = session.scenarios;
    expect(run?.reason).toMatch(/^from far: p\(99\)<120 failed/);
    const { body } = await far.server.ask<ScenarioDetail>('GET', `/api/scenarios/${run?.id}`);
    expect(body.results?.regions?.['far']?.verdict).toBe('failed');
    const { near, far: there } = body.results?.measurement?.byRegion ?? {};
    expect(there?.responseTimeMs.p50).toBeGreaterThan(FAR_MS);
    expect(near?.responseTimeMs.p50).toBeLessThan(FAR_MS);
  });
});
