import type { ImportedTarget } from '@hive/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.end());

const bring = (body: object) => server.ask<ImportedTarget>('POST', '/api/targets/import', body);
const url = 'http://127.0.0.1:9';

it('makes a description of an OpenAPI document, that can be saved as it is', async () => {
  const file = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'shop', version: '1' },
    servers: [{ url }],
    paths: { '/items': { get: { responses: { 200: { description: 'all of them' } } } } },
  });
  const { status, body } = await bring({ file });
  expect([status, body.target.url, body.target.requests?.[0]?.path]).toEqual([200, url, '/items']);
  expect(body.notes.length).toBeGreaterThan(0);
  expect((await server.ask('POST', '/api/targets', { ...body.target, id: 'brought' })).status).toBe(201);
});

it('makes one of a log, and asks for the address that a log does not have', async () => {
  const file = '127.0.0.1 - - [01/Jan/2026:00:00:00 +0000] "GET /search?q=a HTTP/1.1" 200 12 "-" "-"\n'.repeat(3);
  const { status, body } = await bring({ file, url });
  expect([status, body.target.requests?.[0]?.path]).toEqual([200, expect.stringMatching(/^\/search/)]);
  const without = await server.ask('POST', '/api/targets/import', { file });
  expect([without.status, without.body.error.message]).toEqual([400, 'url: a log does not say where its server is']);
});

it('makes one of a curl command, and of a Postman collection', async () => {
  const curl = await bring({ file: `curl '${url}/a?b=1' -H 'accept: text/plain'` });
  expect([curl.status, curl.body.target.url, curl.body.target.requests?.[0]?.path]).toEqual([200, url, '/a?b=1']);
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  const item = [{ name: 'one', request: { method: 'GET', url: '{{host}}/one' } }];
  const postman = await bring({ file: JSON.stringify({ info: { name: 'c', schema }, item }), url });
  expect([postman.status, postman.body.target.requests?.[0]?.path]).toEqual([200, '/one']);
});

it('says what is wrong with a recording that holds nothing', async () => {
  const answer = await server.ask('POST', '/api/targets/import', { file: '{"log":{"entries":[]}}' });
  expect([answer.status, answer.body.error.code]).toEqual([400, 'validation']);
});
