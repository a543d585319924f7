import { FAULT_TYPES } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { seededDraws } from '../../src/faults/random.js';
import { parseToxic, toxicOf, TOXIC_TYPES } from '../../src/faults/registry.js';
import type { Fault, Stream } from '../../src/faults/toxic.js';

/** Runs a fault on its own, in virtual time, and notes what it decides. */
function observe(type: string, attributes: Record<string, number>, stream: Stream = 'upstream') {
  const noted: { act: string; text: string; atMs: number }[] = [];
  const time = { nowMs: 1_000 };
  let pushedBytes = 0;
  const note = (act: string, text: string, atMs = time.nowMs) => noted.push({ act, text, atMs });
  const spec = parseToxic({ type, stream, attributes });
  const fault: Fault = toxicOf(spec).create(spec.attributes)({
    stream,
    now: () => time.nowMs,
    random: seededDraws(1, 'test'),
    get pushedBytes() {
      return pushedBytes;
    },
    push(chunk, atMs) {
      pushedBytes += chunk.length;
      if (chunk.length > 0) note('push', chunk.toString(), atMs);
    },
    end: (atMs) => note('end', '', atMs),
    close: (atMs) => note('close', '', atMs),
    reset: (atMs) => note('reset', '', atMs),
    reply: (chunk) => note('reply', chunk.toString()),
  });
  const feed = (text: string): void => fault.data(Buffer.from(text), time.nowMs);
  const passed = (): string => noted.filter(({ act }) => act === 'push').reduce((text, next) => text + next.text, '');
  return { fault, feed, noted, passed, time };
}

describe('faults decide', () => {
  it('latency: within jitter of what is asked for, and spread over it', () => {
    const { feed, noted } = observe('latency', { latency: 100, jitter: 30 });
    for (let count = 0; count < 500; count++) feed('x');
    const delays = noted.map(({ atMs }) => atMs - 1_000);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(70);
    expect(Math.min(...delays)).toBeLessThan(75);
    expect(Math.max(...delays)).toBeLessThanOrEqual(130);
    expect(Math.max(...delays)).toBeGreaterThan(125);
  });

  it('bandwidth: the last byte leaves when the rate allows it, in even pieces', () => {
    const { feed, noted, passed } = observe('bandwidth', { rate: 100 });
    const text = 'a'.repeat(65_536);
    feed(text);
    feed(text);
    expect(passed()).toBe(text + text);
    const tookMs = (noted.at(-1)?.atMs ?? 0) - 1_000;
    expect(tookMs).toBeCloseTo((2 * 65_536) / 100, 6);
    expect(Math.max(...noted.map((each) => each.text.length))).toBe(2_000);
  });

  it('bandwidth: an idle link saves nothing up', () => {
    const { feed, noted, time } = observe('bandwidth', { rate: 1 });
    feed('x'.repeat(100));
    time.nowMs += 60_000;
    feed('y'.repeat(100));
    expect(noted.at(-1)?.atMs).toBe(time.nowMs + 100);
    // A link that is busy makes up for a short gap: on the whole the rate is kept.
    time.nowMs += 130;
    feed('z'.repeat(100));
    expect(noted.at(-1)?.atMs).toBe(time.nowMs + 70);
  });

  it('slicer: pieces of the size asked for, each after the one before', () => {
    const { feed, noted, passed } = observe('slicer', { average_size: 10, size_variation: 4, delay: 500 });
    const text = 'abcdefghijklmnopqrstuvwxyz'.repeat(20);
    feed(text);
    expect(passed()).toBe(text);
    const sizes = noted.slice(0, -1).map((each) => each.text.length);
    expect(Math.min(...sizes)).toBe(6);
    expect(Math.max(...sizes)).toBe(14);
    expect(noted[3]?.atMs).toBe(1_001.5);
  });

  it('timeout: the time runs from the last bytes', () => {
    const { fault, feed, noted, time } = observe('timeout', { timeout: 50 });
    fault.start?.();
    time.nowMs += 20;
    feed('lost');
    expect(noted).toEqual([
      { act: 'close', text: '', atMs: 1_050 },
      { act: 'close', text: '', atMs: 1_070 },
    ]);
  });

  it('slow_close: only the end waits', () => {
    const { fault, feed, noted } = observe('slow_close', { delay: 30 });
    feed('x');
    fault.end?.();
    expect(noted.map(({ act, atMs }) => [act, atMs])).toEqual([
      ['push', 1_000],
      ['end', 1_030],
    ]);
  });

  it('limit_data: closes with the last byte that is allowed', () => {
    const { feed, noted, passed } = observe('limit_data', { bytes: 5 });
    feed('abc');
    expect(noted.map(({ act }) => act)).toEqual(['push']);
    feed('de');
    expect(noted.at(-1)?.act).toBe('close');
    feed('f');
    expect(passed()).toBe('abcde');
  });
});

describe('HTTP faults', () => {
  const get = 'GET /a HTTP/1.1\r\nhost: x\r\n\r\n';
  const post = 'POST /b HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello';
  const chunked = 'PUT /c HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n';

  it.each([1, 7, 1_000])('http_status: answers the first requests itself, in chunks of %i', (size) => {
    const { feed, noted, passed } = observe('http_status', { status: 503, requests: 2 });
    const stream = post + chunked + get + post;
    for (let from = 0; from < stream.length; from += size) feed(stream.slice(from, from + size));
    expect(passed()).toBe(get + post);
    const replies = noted.filter(({ act }) => act === 'reply');
    expect(replies).toHaveLength(2);
    expect(replies[0]?.text).toMatch(
      /^HTTP\/1\.1 503 Service Unavailable\r\n[^]*content-length: 20\r\n\r\nService Unavailable\n$/,
    );
  });

  it('http_status: passes what is not HTTP', () => {
    const { feed, passed } = observe('http_status', { status: 500 });
    const binary = '\u0001\u0002 this is some other protocol, and a long message of it';
    feed(binary);
    feed(get);
    expect(passed()).toBe(binary);
  });

  it('http_status: a request cut off by the end of the stream is passed on', () => {
    const { fault, feed, passed } = observe('http_status', { requests: 1 });
    feed('GET / HTT');
    fault.end?.();
    expect(passed()).toBe('GET / HTT');
  });

  it('http_slow_headers: heads take the whole time, bodies none of their own', () => {
    const { feed, noted, passed } = observe('http_slow_headers', { delay: 200 }, 'downstream');
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody';
    const toHead = 'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n';
    feed(answer);
    feed(toHead);
    feed(answer);
    expect(passed()).toBe(answer + toHead + answer);
    const body = noted.findIndex(({ text }) => text === 'body');
    expect(noted[0]?.atMs).toBe(1_000);
    expect(noted[body - 1]?.atMs).toBe(1_200);
    expect(noted.length).toBeGreaterThan(40);
  });
});

describe('descriptions of faults', () => {
  it('are offered to people as they are: all types, each with its attributes, and what is proposed is accepted', () => {
    expect(FAULT_TYPES.map(({ type }) => type).toSorted()).toEqual(TOXIC_TYPES.toSorted());
    for (const { type, only, attributes } of FAULT_TYPES) {
      const proposed = Object.fromEntries(attributes.map((one) => [one.name, one.proposed]));
      const spec = parseToxic({ type, ...(only === undefined ? {} : { stream: only }), attributes: proposed });
      expect(spec.attributes).toEqual(proposed);
      expect(toxicOf(spec).only).toBe(only);
    }
  });

  it('fills in what Toxiproxy fills in', () => {
    expect(parseToxic({ type: 'latency' })).toEqual({
      name: 'latency_downstream',
      type: 'latency',
      stream: 'downstream',
      toxicity: 1,
      attributes: { latency: 0, jitter: 0 },
    });
    for (const type of TOXIC_TYPES) {
      const stream = type === 'http_status' ? 'upstream' : 'downstream';
      const attributes = type === 'slicer' ? { average_size: 1 } : {};
      expect(parseToxic({ type, stream, attributes }).type).toBe(type);
    }
  });

  it.each([
    [{ type: 'nope' }, 'invalid toxic type'],
    [{}, 'invalid toxic type'],
    [{ type: 'latency', stream: 'sideways' }, 'stream was invalid, can be either upstream or downstream'],
    [{ type: 'http_status' }, 'stream was invalid, http_status can be upstream only'],
    [{ type: 'latency', toxicity: 1.5 }, 'bad request body: toxicity must be a number from 0 to 1'],
    [{ type: 'latency', attributes: { latency: '5' } }, 'bad request body: attributes.latency must be a whole number'],
    [{ type: 'slicer' }, 'bad request body: attributes.average_size must be at least 1'],
    [
      { type: 'slicer', attributes: { average_size: 5, size_variation: 5 } },
      'bad request body: attributes.size_variation must be less than average_size',
    ],
    [[], 'bad request body: expected an object'],
    [null, 'bad request body: expected an object'],
    [{ type: 5 }, 'bad request body: type must be a string'],
  ])('refuses %j', (input, message) => {
    expect(() => parseToxic(input)).toThrow(message);
  });
});
