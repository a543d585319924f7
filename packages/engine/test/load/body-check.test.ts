import type { ServerResponse } from 'node:http';
import { CHECKED_BYTES, toTarget, type BodyCheck } from '@hive/contract';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { contact } from '../../src/checking/contact.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startAnswering } from './answering.js';
import { bookkeeping, collect, order } from './order.js';

const load = createThreadLoad({ threads: 1 });
afterAll(() => load.close());
const servers: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

type Answering = (response: ServerResponse, seen: unknown, number: number) => unknown;

async function serve(answer: Answering): Promise<string> {
  const server = await startAnswering(answer);
  servers.push(server);
  return server.url;
}

/** What became of some requests whose answers are checked so. */
async function judged(check: BodyCheck, answer: Answering) {
  const requests = [{ name: 'one', method: 'GET', path: '/', headers: {}, weight: 1, check }];
  const arrivals = { model: 'closed', connections: 2, thinkMs: 5 } as const;
  const { collector } = await collect(load, order(await serve(answer), { requests, arrivals, durationMs: 120 }));
  expect(bookkeeping(collector)).toEqual([]);
  return collector.judged();
}

const END = 'x'.repeat(CHECKED_BYTES - 2);

describe('the body of an answer', () => {
  it.each<[string, BodyCheck, string, string | null]>([
    ['contains a text', { contains: 'in stock' }, 'shoes: in stock', null],
    ['contains a text, said shortly', 'in stock', 'shoes: in stock', null],
    ['lacks a text', { contains: 'in stock' }, 'shoes: sold out', "the body does not contain 'in stock'"],
    ['matches', { matches: '"id":\\d+' }, '{"id":17}', null],
    ['does not match', { matches: '^ok$' }, 'not ok', 'the body does not match /^ok$/'],
    ['has a value', { json: { '$.items[0].ok': true } }, '{"items":[{"ok":true}]}', null],
    ['has another value', { json: { '$.ok': true } }, '{"ok":"yes"}', '$.ok in the body is "yes", not true'],
    ['lacks a value', { json: { '$.a.b': null } }, '{"a":{}}', '$.a.b in the body is not there, not null'],
    ['is no JSON', { json: { '$.ok': true } }, '<html>', 'the body is not JSON'],
    ['has all', { contains: 'a', matches: 'b', json: { '$.c': 'ab' } }, '{"c":"ab"}', null],
    ['ends where it is looked at', { contains: 'xok' }, `${END}ok`, null],
    ['goes on', { contains: 'ok' }, `${END}xxok`, "the first 64 KiB of the body does not contain 'ok'"],
    ['is empty', { contains: 'ok' }, '', "the body does not contain 'ok'"],
  ])('%s', async (_, check, body, problem) => {
    const { counts, errors, examples } = await judged(check, (response) => response.end(body));
    expect(counts.answered).toBeGreaterThan(3);
    expect(counts.good).toBe(problem === null ? counts.answered : 0);
    expect(errors).toEqual(problem === null ? {} : { wrong_body: counts.answered });
    expect(examples?.map(({ kind, inWords }) => [kind, inWords]) ?? []).toEqual(
      problem === null ? [] : [['wrong_body', problem]],
    );
  });

  it('is looked at in pieces, answer by answer on one connection', async () => {
    const { counts, errors } = await judged({ contains: 'good' }, (response, _, number) => {
      response.write(number % 2 === 0 ? 'go' : 'ba');
      setTimeout(() => response.end(number % 2 === 0 ? 'od' : 'd'), 3);
    });
    expect(counts.good).toBeGreaterThan(0);
    expect(errors.wrong_body).toBe(counts.answered - counts.good);
    expect(Math.abs(counts.good - (errors.wrong_body ?? 0))).toBeLessThanOrEqual(4);
  });

  it('of a bad status is not looked at', async () => {
    const { errors } = await judged({ contains: 'ok' }, (response) => response.writeHead(503).end('no'));
    expect(Object.keys(errors)).toEqual(['http_5xx']);
  });

  it('is looked at before anything is measured, too', async () => {
    const url = await serve((response) => response.end('{"status":"starting"}'));
    const target = toTarget({ url, requests: [{ name: 'up', check: { json: { '$.status': 'up' } } }] }, 'shop');
    const { checks } = await contact({ target, allowTargets: [] });
    expect(checks).toMatchObject([
      { status: 200, problem: 'answers 200, and $.status in the body is "starting", not "up"' },
    ]);
  });
});
