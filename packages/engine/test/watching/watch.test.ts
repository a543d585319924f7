import { afterEach, describe, expect, it } from 'vitest';
import { createWatch, type WatchOptions } from '../../src/watching/watch.js';
import type { WatchSample } from '../../src/watching/sample.js';
import { startPages, startTexts, type PageServer } from './page-server.js';
import { virtualClock } from './virtual-clock.js';

/** So long that a busy machine cannot come into it. */
const answerLimitMs = 15_000;
const linux = process.platform === 'linux';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function keep(server: PageServer): PageServer {
  cleanups.push(server.close);
  return server;
}

/** One look a second at pages that follow one another. */
async function looks(pages: (string | number)[], more: Partial<WatchOptions> = {}): Promise<WatchSample[]> {
  const { url } = keep(await startTexts(...pages));
  const clock = virtualClock();
  const watch = createWatch({ prometheus: url, series: [], allowTargets: [], answerLimitMs, clock, ...more });
  const samples: WatchSample[] = [];
  for (let turn = 0; turn < pages.length; turn++) {
    samples.push(await watch.sample());
    clock.pass(1_000);
  }
  watch.close();
  return samples;
}

const seriesOf = (samples: WatchSample[], name: string) => samples.map(({ values }) => values[name] ?? null);
const page = (cpu: number, more = ''): string =>
  `# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total ${cpu}\nprocess_resident_memory_bytes 1e6\n${more}`;

describe('a page of metrics', () => {
  it('gives the memory, and the CPU time as a share of a core', async () => {
    const samples = await looks([page(10), page(10.5), page(12)]);
    expect(samples.map(({ atMs }) => atMs)).toEqual([0, 1_000, 2_000]);
    expect(seriesOf(samples, 'target_memory')).toEqual([1e6, 1e6, 1e6]);
    expect(seriesOf(samples, 'target_cpu')).toEqual([null, 0.5, 1.5]);
    expect(samples.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('leaves gaps where a scrape failed, and goes on from the last one that did not', async () => {
    const samples = await looks([page(10), 503, 'garbage\n', 'process_cpu_seconds_total 1', page(12)]);
    expect(seriesOf(samples, 'target_cpu')).toEqual([null, null, null, null, 0.5]);
    expect(seriesOf(samples, 'target_memory')).toEqual([1e6, null, null, null, 1e6]);
    expect(samples.slice(1, 4).map(({ values }) => values)).toEqual([{}, {}, {}]);
    expect(samples.map(({ problems }) => problems)).toEqual([
      [],
      [expect.stringMatching(/^watch\.prometheus: 127\.0\.0\.1:\d+\/metrics: the page answered 503$/)],
      [expect.stringContaining("line 1 is not in the Prometheus text format: 'garbage'")],
      [expect.stringContaining('ends in the middle of a line')],
      [],
    ]);
  });

  it('counts a counter that fell from zero', async () => {
    expect(seriesOf(await looks([page(10), page(0.25), page(0.75)]), 'target_cpu')).toEqual([null, 0.25, 0.5]);
  });

  it('notices that the process began again, though its counter is higher', async () => {
    const at = (start: number) => `process_start_time_seconds ${start}\n`;
    const samples = await looks([page(10, at(1)), page(10.5, at(2)), page(11, at(2))]);
    expect(seriesOf(samples, 'target_cpu')).toEqual([null, 10.5, 0.5]);
  });

  it('sums what a selector leaves open, and tells the growth of counters', async () => {
    const text = (a: number, b: number): string =>
      `# TYPE jobs counter\njobs{queue="a"} ${a}\njobs{queue="b"} ${b}\n# TYPE depth gauge\ndepth{queue="a"} ${a}\ndepth{queue="b"} ${b}\n`;
    const series = ['jobs', 'jobs{queue="b"}', 'depth', 'depth{queue="b"}'];
    const samples = await looks([page(1, text(100, 7)), page(1, text(110, 4))], { series });
    expect(samples.map(({ values }) => ({ ...values, target_cpu: 0, target_memory: 0 }))).toEqual([
      { target_cpu: 0, target_memory: 0, depth: 107, 'depth{queue="b"}': 7 },
      {
        target_cpu: 0,
        target_memory: 0,
        depth: 114,
        'depth{queue="b"}': 4,
        'rate(jobs)': 14,
        'rate(jobs{queue="b"})': 4,
      },
    ]);
  });

  it('does not take a series that is new on the page for growth', async () => {
    const samples = await looks(
      [page(1, 'jobs_total{queue="a"} 5\n'), page(1, 'jobs_total{queue="a"} 6\njobs_total{queue="b"} 900\n')],
      { series: ['jobs_total'] },
    );
    expect(seriesOf(samples, 'rate(jobs_total)')).toEqual([null, 1]);
  });

  it('leaves a gap where a value is none, or a series is not there', async () => {
    const [sample] = await looks(['a NaN\nb +Inf\n'], { series: ['a', 'b', 'c{d="e"}'] });
    expect(sample?.values).toEqual({});
    expect(sample?.problems.map((problem) => problem.replace(/^.*\/metrics: /, ''))).toEqual([
      'the page has no series process_resident_memory_bytes',
      'the page has no series process_cpu_seconds_total',
      'a is NaN',
      'b is Infinity',
      'the page has no series c{d="e"}',
    ]);
  });

  it('keeps apart what the page calls as Hive calls its own', async () => {
    const [sample] = await looks([page(1, 'target_memory 5\n__proto__ 6\n')], {
      series: ['target_memory', '__proto__'],
    });
    expect(Object.entries(sample?.values ?? {})).toEqual([
      ['target_memory', 1e6],
      ['target_memory{}', 5],
      ['__proto__', 6],
    ]);
  });

  it('names no user and no password in its problems', async () => {
    const { url } = keep(await startTexts(403));
    const prometheus = url.replace('//', '//user:secret@');
    const watch = createWatch({ prometheus, series: [], allowTargets: [], answerLimitMs, clock: virtualClock() });
    const { problems } = await watch.sample();
    expect(problems).toEqual([expect.stringContaining('the page answered 403')]);
    expect(problems.join()).not.toMatch(/user|secret/);
  });

  it('leaves a gap where the clock stood still', async () => {
    const { url } = keep(await startTexts(page(1), page(2), page(4)));
    const clock = virtualClock();
    const watch = createWatch({ prometheus: url, series: [], allowTargets: [], answerLimitMs, clock });
    await watch.sample();
    expect((await watch.sample()).values).toEqual({ target_memory: 1e6 });
    clock.pass(2_000);
    expect((await watch.sample()).values['target_cpu']).toBe(1.5);
  });
});

describe('a watch', () => {
  const nothing = { series: [], allowTargets: [], answerLimitMs };

  it('has nothing to say of nothing', async () => {
    const watch = createWatch({ ...nothing, clock: virtualClock() });
    expect(await watch.sample(7)).toEqual({ atMs: 7, values: {}, problems: [] });
  });

  it('says where series would have to come from', async () => {
    const watch = createWatch({ ...nothing, series: ['jobs'], clock: virtualClock() });
    expect((await watch.sample()).problems).toEqual([expect.stringContaining('add watch.prometheus')]);
  });

  it.each<[string, Partial<WatchOptions>, string]>([
    ['a series that is none', { series: ['jobs', 'rate(jobs)'] }, 'watch.series[1]'],
    ['an address that is none', { prometheus: 'metrics' }, 'watch.prometheus'],
    ['an address of a file', { prometheus: 'file:///etc/passwd' }, 'watch.prometheus'],
  ])('refuses %s', (_, more, field) => {
    expect(() => createWatch({ ...nothing, clock: virtualClock(), ...more })).toThrowError(
      expect.objectContaining({ code: 'validation', message: expect.stringContaining(field) }),
    );
  });

  it.runIf(linux)('takes CPU and memory from the process alone where both could tell them', async () => {
    const { url } = keep(await startTexts(page(1, 'depth 3\n')));
    const watch = createWatch({
      ...nothing,
      pid: process.pid,
      prometheus: url,
      series: ['depth'],
      clock: virtualClock(),
    });
    const { values, problems } = await watch.sample();
    expect(problems).toEqual([]);
    expect(values['depth']).toBe(3);
    expect(values['target_memory']).toBeGreaterThan(10e6);
  });

  it('gives the same sample to all who ask while it looks', async () => {
    const { url, asked } = keep(await startTexts(page(1)));
    const watch = createWatch({ ...nothing, prometheus: url, clock: virtualClock() });
    const [one, other] = await Promise.all([watch.sample(), watch.sample()]);
    expect(one).toBe(other);
    await watch.sample();
    expect(asked).toHaveLength(2);
  });

  it('looks each second until it is told to stop', async () => {
    const clock = virtualClock();
    const stop = new AbortController();
    const watch = createWatch({ ...nothing, clock });
    const times: number[] = [];
    for await (const { atMs } of watch.follow(stop.signal)) {
      times.push(atMs);
      clock.pass(times.length === 2 ? 2_500 : 100);
      if (times.length === 5) stop.abort();
    }
    expect(times).toEqual([0, 1_000, 3_500, 4_500, 5_500]);
  });

  it('ends what is under way when it is closed', async () => {
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const { url } = keep(await startPages(() => asked()));
    const watch = createWatch({ ...nothing, prometheus: url, clock: virtualClock() });
    const sample = watch.sample();
    await isAsked;
    watch.close();
    expect((await sample).problems).toEqual([expect.stringContaining('the watch was closed')]);
  });
});
