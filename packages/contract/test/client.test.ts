import { describe, expect, it } from 'vitest';
import { createClient } from '@hive/contract';

interface Sent {
  url: string;
  init: RequestInit;
}

/** A client whose requests are kept, and answered so. */
function clientThat(answers: { status?: number; body?: unknown; token?: string }) {
  const sent: Sent[] = [];
  const client = createClient({
    baseUrl: 'http://127.0.0.1:8000/',
    ...(answers.token === undefined ? {} : { token: answers.token }),
    fetch: (async (url: URL, init: RequestInit) => {
      sent.push({ url: String(url), init });
      const { body = {} } = answers;
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status: answers.status ?? 200 });
    }) as unknown as typeof fetch,
  });
  return { client, sent };
}

describe('the client', () => {
  it('says path, query and body as the route has them', async () => {
    const { client, sent } = clientThat({ token: 'secret' });
    await client.call('getTarget', { params: { id: 'a/b c?d' } });
    await client.call('listScenarios', { query: { target: 'shop & co', limit: 5, after: undefined } });
    await client.call('startTraining', { body: { kinds: ['load_balancing'] } });
    await client.call('stopTraining');
    expect(
      sent.map(({ url, init }) => `${init.method} ${url} ${typeof init.body === 'string' ? init.body : '–'}`),
    ).toEqual([
      'GET http://127.0.0.1:8000/api/targets/a%2Fb%20c%3Fd –',
      'GET http://127.0.0.1:8000/api/scenarios?target=shop+%26+co&limit=5 –',
      'POST http://127.0.0.1:8000/api/training/start {"kinds":["load_balancing"]}',
      'POST http://127.0.0.1:8000/api/training/stop –',
    ]);
    expect(sent.map(({ init }) => init.headers)).toEqual([
      { authorization: 'Bearer secret' },
      { authorization: 'Bearer secret' },
      { 'content-type': 'application/json', authorization: 'Bearer secret' },
      { authorization: 'Bearer secret' },
    ]);
  });

  it('answers what the server answered', async () => {
    const { client } = clientThat({ body: { targets: [] } });
    expect(await client.call('listTargets')).toEqual({ targets: [] });
  });

  it("throws the server's error", async () => {
    const error = { code: 'busy', message: 'it measures', hint: 'wait', details: { session_id: 'ses_1' } };
    const { client } = clientThat({ status: 409, body: { error } });
    await expect(client.call('startTraining')).rejects.toMatchObject({ ...error, status: 409 });
  });

  it.each([
    ['a page of a proxy', 502, '<html>', /127\.0\.0\.1:8000 answered 502/],
    ['an error of another form', 500, { message: 'no' }, /answered 500/],
    ['a code that only a newer Hive has', 418, { error: { code: 'teapot', message: 'short and stout' } }, /stout/],
  ])('makes one error of %s', async (_, status, body, message) => {
    const { client } = clientThat({ status, body });
    await expect(client.call('listTargets')).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(message) as string,
    });
  });
});
