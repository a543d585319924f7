import { BASE_KIND, type Limit, type RouteOutput } from '@hive/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, natsServer } from '../../../test/services.js';
import { untilJudged } from '../../../test/until-judged.js';
import { startFarRegion, type FarRegion } from './far-region.js';

const BUDGET_SECONDS = 120;
const PATIENT = 900_000;

type Session = RouteOutput<'getSession'>;

describeWith(natsServer, 'the limit of a service that is far from half of its users', (program) => {
  let far: FarRegion;
  beforeAll(async () => {
    // 125 requests/s in all: queueing breaks 200 ms long before that where 150 ms are on the way.
    far = await startFarRegion(program, { serviceMs: 8, objective: 'p(99)<200' });
  });
  afterAll(() => far?.close());

  const loadOf = (limits: readonly Limit[]): Limit => limits.find(({ kind }) => kind === BASE_KIND) as Limit;
  const valueOf = ({ estimate, low }: Pick<Limit, 'estimate' | 'low'>): number => estimate ?? low ?? 0;

  async function measured(): Promise<Session> {
    const asked = { target: 'shop', regions: { near: 50, far: 50 }, budgetSeconds: BUDGET_SECONDS };
    const { body } = await far.server.ask('POST', '/api/training/start', asked);
    await far.server.until(({ running }) => !running);
    return (await far.server.ask<Session>('GET', `/api/sessions/${body.session_id}`)).body;
  }

  it('is that of the far region; each has its own, in the API and in reports', { timeout: PATIENT }, async () => {
    const { id, limits } = await untilJudged('a session from two regions', measured, (session) => {
      const { status, reason } = loadOf(session.limits);
      const isJudged = status === 'known' || status === 'rough';
      return { status: isJudged ? 'valid' : 'invalid', reasons: [reason ?? session.end_reason ?? status] };
    });
    const limit = loadOf(limits);
    const { near, far: there } = limit.regions ?? {};
    expect([limit.binding, there?.binding]).toEqual(['p(99)<200', 'p(99)<200']);
    expect(valueOf(near!)).toBeGreaterThan(valueOf(there!));
    expect(Math.abs(Math.log(valueOf(limit) / valueOf(there!)))).toBeLessThan(
      Math.abs(Math.log(valueOf(limit) / valueOf(near!))),
    );

    const { body: learned } = await far.server.ask<RouteOutput<'targetLimits'>>('GET', '/api/targets/shop/limits');
    expect(Object.keys(loadOf(learned.limits).regions ?? {})).toEqual(['far', 'near']);
    const report = await far.server.app.inject({ url: `/api/sessions/${id}/report?format=md` });
    for (const region of ['far', 'near']) expect(report.body).toContain(`| Request rate | ${region} |`);
  });
});
