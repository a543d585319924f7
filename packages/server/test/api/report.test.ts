import { REPORT_FORMAT_NAMES, REPORT_FORMATS } from '@hive/contract';
import { parseReport } from '@hive/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../test-server.js';

describe('the report of a session', () => {
  let server: TestServer;
  let session: string;
  const report = (id: string, query = '') =>
    server.app.inject(`/api/sessions/${encodeURIComponent(id)}/report${query}`);
  beforeAll(async () => {
    server = await startTestServer();
    await server.ask('POST', '/api/targets', { id: 'shop', url: 'http://127.0.0.1:9' });
    const { body } = await server.ask('POST', '/api/scenarios/generate', {
      target: 'shop',
      kind: 'load_balancing',
      intensity: 100,
    });
    const executed = await server.ask('POST', `/api/scenarios/${body.id}/execute?wait=true`);
    session = executed.body.session_id;
  });
  afterAll(() => server.end());

  it('is everything that is stored of it, as a report file', async () => {
    const answer = await report(session);
    expect(answer.statusCode).toBe(200);
    const read = parseReport(answer.rawPayload, 'the answer');
    expect(read).toMatchObject({ session: { id: session, mode: 'run' }, target: { id: 'shop' } });
    const [run] = read.runs;
    expect(run?.windows.length).toBeGreaterThan(0);
    const planned = run!.windows.reduce((sum, { counts }) => sum + counts.planned, 0);
    expect(planned).toBeGreaterThanOrEqual(run!.result.measurement!.counts.planned);
  });

  it.each(REPORT_FORMAT_NAMES)('is a file to be saved as %s, and can run nothing', async (format) => {
    const { statusCode, headers, rawPayload } = await report(session, `?format=${format}`);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe(REPORT_FORMATS[format].mediaType);
    expect(headers['content-disposition']).toBe(
      `attachment; filename="${session}${REPORT_FORMATS[format].extensions[0]}"`,
    );
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(rawPayload.length).toBeGreaterThan(100);
  });

  it('is not there for an unknown session, and not in an unknown format', async () => {
    expect((await report('ses_none')).json()).toMatchObject({ error: { code: 'not_found' } });
    const { statusCode, body } = await report(session, '?format=doc');
    expect(statusCode).toBe(400);
    expect(body).toContain('format: must be one of text, json, md');
  });
});
