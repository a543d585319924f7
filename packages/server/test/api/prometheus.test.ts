import Fastify from 'fastify';
import type { LoadGenerator } from '@hive/contract';
import { expect, it } from 'vitest';
import type { ActionsOf, LiveFigures } from '../../src/actions/actions.js';
import { exposePrometheus } from '../../src/api/prometheus.js';
import { sampleWindow } from '../store/samples.js';

const times = { count: 10, mean: 20, min: 10, p50: 20, p90: 25, p95: 30, p99: 40, p999: 50, max: 60 };
const seen = (good: number, p99: number) => ({
  planned: 10,
  good,
  responseTimeMs: { ...times, p99 },
  serviceTimeMs: times,
});
const bee: LoadGenerator = {
  name: 'eu-1',
  region: 'eu',
  state: 'busy',
  joined: true,
  invitedUntil: null,
  version: '1.0.0',
  threads: 2,
  roundTripMs: 150,
};

/** The samples of the page for these figures, by name and labels. */
async function samplesOf(figures: LiveFigures[]): Promise<Map<string, number>> {
  const app = Fastify();
  app.decorateRequest('actor', null as never);
  const rest = [...figures];
  const actionsOf = (() => ({ liveFigures: async () => rest.shift() })) as unknown as ActionsOf;
  exposePrometheus(app, actionsOf, () => 0);
  let text = '';
  for (const _ of figures) text = (await app.inject('/metrics')).body;
  await app.close();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

const idle: LiveFigures = { running: false, window: null, limits: [], loadGenerators: [] };
const window = {
  ...sampleWindow({ scenarioId: 'scn', sessionId: 'ses', targetId: 'shop' }),
  fromMs: 0,
  toMs: 2_000,
  byRegion: { eu: seen(10, 40), us: seen(8, 190) },
};

it('shows each region apart from the whole, and each load generator in its state', async () => {
  const samples = await samplesOf([{ ...idle, running: true, window, loadGenerators: [bee] }]);
  const of = (name: string, region: string): number | undefined =>
    samples.get(`${name}{target="shop",scenario="scn",region="${region}"}`);
  expect(of('hive_target_region_response_time_p99_seconds', 'us')).toBe(0.19);
  expect(of('hive_target_region_response_time_p99_seconds', 'eu')).toBe(0.04);
  expect(of('hive_target_region_throughput_per_second', 'us')).toBe(4);
  expect(of('hive_target_region_offered_per_second', 'us')).toBe(5);
  expect(samples.get('hive_load_generator{name="eu-1",region="eu",state="busy"}')).toBe(1);
  expect(samples.get('hive_load_generator{name="eu-1",region="eu",state="stale"}')).toBe(0);
  expect(samples.get('hive_load_generator_round_trip_seconds{name="eu-1",region="eu"}')).toBe(0.15);
  expect(samples.get('hive_session_running')).toBe(1);
});

it('forgets what is over', async () => {
  const samples = await samplesOf([{ ...idle, running: true, window, loadGenerators: [bee] }, idle]);
  const left = [...samples.keys()].filter((name) => /^hive_(target|load_generator|generator|limit|region)/.test(name));
  expect(left).toEqual([]);
  expect(samples.get('hive_session_running')).toBe(0);
});
