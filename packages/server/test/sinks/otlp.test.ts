import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { noCounts, type Limit, type Window } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { afterEach, describe, expect, it } from 'vitest';
import { openOtlp } from '../../src/sinks/otlp.js';
import { sampleWindow } from '../store/samples.js';

const OF = { sessionId: 'ses_1', targetId: 'shop' };
const IDS = { scenarioId: 'scn_1', sessionId: 'ses_1', targetId: 'shop' };

/** A second of a run whose answers took 1 to 2,000 ms, most of them little. */
function row(second = 0): { event: Extract<TrainingEvent, { type: 'row' }>; quantileMs: (share: number) => number } {
  const histogram = build({ numberOfSignificantValueDigits: 3, useWebAssembly: false });
  for (let i = 1; i <= 2_000; i += 1) histogram.recordValue(Math.round((1_000 * i * i) / 2_000));
  const bytes = new Uint8Array(Buffer.from(encodeIntoCompressedBase64(histogram), 'base64'));
  const counts = { ...noCounts(), planned: 2_000, sent: 2_000, answered: 2_000, good: 1_990 };
  const window: Window = {
    ...sampleWindow(IDS, { fromMs: 1_000 * second, toMs: 1_000 * (second + 1) }),
    counts,
    errors: { http_5xx: 10 },
  };
  return {
    event: { type: 'row', window, responseTime: bytes, serviceTime: null },
    quantileMs: (share) => histogram.getValueAtPercentile(100 * share) / 1_000,
  };
}

interface Point {
  attributes: { key: string; value: { stringValue: string } }[];
  asDouble?: number;
  count: number;
  scale: number;
  positive: { offset: number; bucketCounts: number[] };
}

type Metric = { name: string; unit: string } & Partial<
  Record<'exponentialHistogram' | 'sum' | 'gauge', { dataPoints: Point[]; aggregationTemporality: number }>
>;

/** A collector that keeps what it is sent, or does what it is told with each request. */
class Receiver {
  readonly metrics: Metric[] = [];
  readonly paths: string[] = [];
  private readonly server: Server;

  constructor(status: number | 'hangs' = 200) {
    this.server = createServer((request, response) => {
      void this.take(request, response, status);
    });
  }

  private async take(request: IncomingMessage, response: ServerResponse, status: number | 'hangs'): Promise<void> {
    const body = await text(request);
    this.paths.push(request.url!);
    const { resourceMetrics } = JSON.parse(body) as { resourceMetrics: { scopeMetrics: { metrics: Metric[] }[] }[] };
    this.metrics.push(...resourceMetrics.flatMap((one) => one.scopeMetrics.flatMap(({ metrics }) => metrics)));
    if (status !== 'hangs') response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  named(name: string): Metric {
    return this.metrics.find((metric) => metric.name === name)!;
  }

  end(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** The value, s, below which this share lies, in the middle of its bucket. */
function quantileOf({ scale, count, positive: { offset, bucketCounts } }: Point, share: number): number {
  let seen = 0;
  const index = bucketCounts.findIndex((one) => (seen += one) >= share * count);
  return 2 ** ((offset + index + 0.5) / 2 ** scale);
}

describe('figures for an OpenTelemetry collector', () => {
  const receivers: Receiver[] = [];
  const troubles: string[] = [];
  async function open(receiver: Receiver, times: { timeoutMs?: number; closeMs?: number } = {}) {
    receivers.push(receiver);
    troubles.length = 0;
    const url = await receiver.listen();
    return openOtlp({ url, version: '1.2.3', tell: (problem) => troubles.push(problem), ...times });
  }
  afterEach(() => {
    for (const receiver of receivers.splice(0)) receiver.end();
  });

  it('are histograms whose quantiles are those of Hive, to two percent', async () => {
    const receiver = new Receiver();
    const sink = await open(receiver);
    const { event, quantileMs } = row();
    sink.take(event, OF);
    expect(await sink.close()).toEqual({ sent: 1, lost: 0, trouble: null });
    expect(receiver.paths).toEqual(['/v1/metrics']);
    const { unit, exponentialHistogram } = receiver.named('hive.response_time');
    const [point] = exponentialHistogram!.dataPoints;
    expect([unit, point!.count, point!.scale]).toEqual(['s', 2_000, 5]);
    for (const share of [0.1, 0.5, 0.9, 0.95, 0.99, 0.999])
      expect(Math.abs(1_000 * quantileOf(point!, share) - quantileMs(share)) / quantileMs(share)).toBeLessThan(0.02);
  });

  it('count requests by what became of them, and errors by kind', async () => {
    const receiver = new Receiver();
    const sink = await open(receiver);
    sink.take(row().event, OF);
    await sink.close();
    const value = (metric: Metric, key: string, name: string): number =>
      metric.sum!.dataPoints.find(({ attributes }) =>
        attributes.some((one) => one.key === key && one.value.stringValue === name),
      )!.asDouble!;
    expect(value(receiver.named('hive.requests'), 'hive.outcome', 'good')).toBe(1_990);
    expect(value(receiver.named('hive.requests'), 'hive.outcome', 'unacceptable')).toBe(10);
    expect(value(receiver.named('hive.errors'), 'error.type', 'http_5xx')).toBe(10);
    expect(receiver.named('hive.throughput').gauge!.dataPoints[0]!.attributes).toContainEqual({
      key: 'hive.target',
      value: { stringValue: 'shop' },
    });
  });

  it('have the limit as it is learned', async () => {
    const receiver = new Receiver();
    const sink = await open(receiver);
    const limit = { kind: 'load_balancing', unit: 'requests/s', status: 'rough', estimate: 400, low: 380, high: 420 };
    sink.take(
      { type: 'limit_updated', limit: { ...limit, safe: null } as unknown as Limit, lesson: null as never },
      OF,
    );
    await sink.close();
    expect(receiver.named('hive.limit').gauge!.dataPoints.map(({ asDouble }) => asDouble)).toEqual([400, 380, 420]);
  });

  it('of a receiver that hangs are lost and counted, and nobody waits for it', async () => {
    const sink = await open(new Receiver('hangs'), { timeoutMs: 200, closeMs: 400 });
    for (let second = 0; second < 300; second += 1) sink.take(row(second).event, OF);
    const tally = await sink.close();
    expect(tally).toMatchObject({ sent: 0, lost: 300 });
    expect(troubles).toHaveLength(1);
  });

  it('of a receiver that refuses them are lost, with its reason', async () => {
    const sink = await open(new Receiver(400));
    sink.take(row().event, OF);
    expect(await sink.close()).toMatchObject({ sent: 0, lost: 1, trouble: expect.stringMatching(/400|Bad Request/) });
    expect(troubles).toEqual([expect.stringContaining('are lost')]);
  });

  it('go on when the receiver is not there', async () => {
    const gone = new Receiver();
    const sink = await open(gone, { timeoutMs: 200, closeMs: 600 });
    gone.end();
    sink.take(row().event, OF);
    expect(await sink.close()).toMatchObject({ sent: 0, lost: 1 });
  });

  it.each(['', 'collector', 'ftp://127.0.0.1'])('need an address: not %j', async (url) => {
    await expect(openOtlp({ url, version: '1', tell: () => {} })).rejects.toThrow(/is not the address of a collector/);
  });
});
