import {
  noCounts,
  toTarget,
  type Latency,
  type Limit,
  type Scenario,
  type ScenarioResult,
  type SessionRow,
  type Target,
  type Window,
} from '@hive/contract';
import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { reportOf, type ReportData, type ReportSource } from '../src/index.js';

/** What people, or attackers, may call things. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "=cmd|' /C calc'!A0",
  '@SUM(1+1)',
  'a%0Ab::error::c',
  'line\r\nbreak\ttab',
  '\u001b[31mred\u0007',
  'ship 🚢 it',
  'שלום עולם',
  'مرحبا بالعالم',
  '\u202eevil\u202c',
  '](javascript:alert(1)) `code` | **bold** #1 @octocat',
  ']]>&amp;&#0;\\"',
  '{{7*7}}${7*7}',
].join(' ');

export const MADE = { hive: '0.1.0', node: '20.19.0', at: '2026-01-31T12:10:00.000Z' };
const START_MS = Date.parse('2026-01-31T12:00:00.000Z');
const RUN_MS = 4_000;

/** Response times in µs, slower with the load; every one a little different. */
function histogramOf(requests: number, middleMs: number): Histogram {
  const histogram = build({ numberOfSignificantValueDigits: 3, useWebAssembly: false });
  for (let i = 0; i < requests; i++) histogram.recordValue(Math.round(middleMs * 1_000 * (0.6 + (2.5 * i) / requests)));
  return histogram;
}

function latencyOf(histogram: Histogram): Latency {
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1_000;
  const { totalCount: count, mean, maxValue } = histogram;
  return {
    count,
    min: histogram.minNonZeroValue / 1_000,
    mean: mean / 1_000,
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: maxValue / 1_000,
  };
}

const encoded = (histogram: Histogram): string => encodeIntoCompressedBase64(histogram);

export function sampleTarget(name = 'shop'): Target {
  return { ...toTarget({ url: 'http://127.0.0.1:9391', objectives: ['p(99)<250', 'rate<0.01'] }, 'shop'), id: name };
}

interface RunAsked {
  index: number;
  intensity: number;
  name?: string;
  unusable?: boolean;
  verdict?: ScenarioResult['verdict'];
}

type SampleRun = ReportSource['scenarios'][number];

/** A run of four seconds; above 400 requests/s it fails. */
export function sampleRun({ index, intensity, name = 'shop', unusable = false, verdict }: RunAsked): SampleRun {
  const failed = intensity > 400;
  const requests = 4 * intensity;
  const histogram = histogramOf(requests, failed ? 140 : 20 + intensity / 10);
  const responseTimeMs = latencyOf(histogram);
  const counts = {
    ...noCounts(),
    planned: requests,
    sent: requests,
    answered: requests,
    good: requests - (failed ? 40 : 0),
  };
  const startedMs = START_MS + index * (RUN_MS + 1_000);
  const shared = { counts, errors: failed ? { http_5xx: 40 } : {}, offeredPerSecond: intensity };
  const measured = { ...shared, throughputPerSecond: intensity, responseTimeMs, serviceTimeMs: responseTimeMs };
  const bytes = { bytesIn: 100 * requests, bytesOut: 50 * requests };
  const judged = verdict ?? (unusable ? 'undecided' : failed ? 'failed' : 'passed');
  const outcome = judged === 'passed' || judged === 'failed' ? judged : 'undecided';
  const id = `scn_${index}`;
  return {
    startedAt: new Date(startedMs).toISOString(),
    scenario: sampleScenario({ id, intensity, name, seed: 1_000 + index }),
    result: {
      verdict: judged,
      validity: unusable
        ? { status: 'invalid', reasons: [`others use 1.7 of 2 cores: ${name}`] }
        : { status: 'valid', reasons: [] },
      reason: `${judged}: ${name}`,
      objectives: [
        { expression: 'p(99)<250', observed: responseTimeMs.p99, outcome },
        { expression: 'rate<0.01', observed: failed ? 40 / requests : 0, outcome },
      ],
      evidence: null,
      findings: [`first byte after 12 ms at ${name}`],
      measurement: {
        ...measured,
        ...bytes,
        durationMs: RUN_MS,
        waitingMs: 0,
        successRate: 0.99,
        peakConnections: 10,
        nodes: { [name]: requests },
      },
      executionSeconds: RUN_MS / 1_000,
    },
    responseTime: encoded(histogram),
    serviceTime: encoded(histogram),
    windows: [1, 2, 3, 4].map((second) => ({ window: { ...sampleWindow(second, startedMs), ...measured, ...bytes } })),
  };
}

function sampleWindow(
  second: number,
  startedMs: number,
): Omit<
  Window,
  | 'counts'
  | 'errors'
  | 'offeredPerSecond'
  | 'throughputPerSecond'
  | 'responseTimeMs'
  | 'serviceTimeMs'
  | 'bytesIn'
  | 'bytesOut'
> {
  return {
    scenarioId: 'scn_0',
    sessionId: 'ses_0',
    targetId: 'shop',
    at: new Date(startedMs + second * 1_000).toISOString(),
    fromMs: (second - 1) * 1_000,
    toMs: second * 1_000,
    phase: 'judged',
    waitingMs: 0,
    connections: 10,
    outstanding: 1,
    waiting: 0,
    latenessP99Ms: 0.1,
    generatorBusy: 0.1,
    nodes: {},
  };
}

function sampleScenario({
  id,
  intensity,
  name,
  seed,
}: {
  id: string;
  intensity: number;
  name: string;
  seed: number;
}): Scenario {
  return {
    id,
    targetId: name,
    kind: 'load_balancing',
    intensity,
    unit: 'requests/s',
    difficulty: 'medium',
    calibrated: true,
    predictedFailure: 0.5,
    seed,
    base: { ratePerSecond: 10, connections: 4 },
    objectives: ['p(99)<250', 'rate<0.01'],
    description: `Serve ${intensity} requests/s at ${name}`,
    expectedOutcomes: [],
    plan: {
      arrivals: {
        model: 'open',
        arrivals: 'poisson',
        stages: [{ durationMs: RUN_MS, fromPerSecond: intensity, toPerSecond: intensity }],
        maxConnections: 1_000,
        maxWaiting: 10_000,
      },
      warmupMs: 0,
      durationMs: RUN_MS,
      timeoutMs: 10_000,
      graceMs: 10_000,
    },
  };
}

export function sampleLimit(more: Partial<Limit> = {}): Limit {
  return {
    kind: 'load_balancing',
    unit: 'requests/s',
    status: 'known',
    method: 'belief',
    estimate: 412,
    low: 396,
    high: 429,
    level: 0.95,
    safe: 358,
    band: [396, 429],
    horizonSeconds: 30,
    binding: 'p(99)<250',
    scenarios: 6,
    updatedAt: '2026-01-31T12:05:00.000Z',
    own: {
      status: 'known',
      estimate: 412,
      low: 396,
      high: 429,
      band: [396, 429],
      safe: 358,
      seconds: 60,
      scenarios: 6,
    },
    ...more,
  };
}

export function sampleSession(more: Partial<SessionRow> = {}): SessionRow {
  return {
    id: 'ses_0',
    started_at: new Date(START_MS).toISOString(),
    ended_at: '2026-01-31T12:09:00.000Z',
    total_scenarios: 6,
    successful_scenarios: 4,
    average_performance: 0.98,
    metrics: {},
    target_id: 'shop',
    status: 'completed',
    kinds: ['load_balancing'],
    budget_seconds: 120,
    precision: 0.05,
    hold_seconds: null,
    mode: 'train',
    labels: {},
    question: null,
    answer: null,
    max_rate_per_second: null,
    max_connections: null,
    paused_seconds: 0,
    runtime_seconds: 60,
    end_code: 'goal',
    end_reason: 'the limit is known',
    limits: [sampleLimit()],
    ...more,
  };
}

const LOADS = [100, 200, 300, 380, 450, 500];

/** A session that found its limit. */
export function sampleSource(name = 'shop'): ReportSource {
  return {
    target: sampleTarget(name),
    session: sampleSession({ target_id: name }),
    scenarios: LOADS.map((intensity, index) => sampleRun({ index, intensity, name })),
  };
}

const made = { made: MADE, ceiling: null };

const SAMPLES: Readonly<Record<string, () => ReportData>> = {
  usual: () => reportOf(sampleSource(), made),
  'without a run': () =>
    reportOf({ ...sampleSource(), session: sampleSession({ limits: [], total_scenarios: 0 }), scenarios: [] }, made),
  'not usable': () =>
    reportOf(
      {
        target: sampleTarget(),
        session: sampleSession({
          limits: [
            sampleLimit({
              status: 'unknown',
              estimate: null,
              low: null,
              high: null,
              safe: null,
              band: null,
              own: null,
            }),
          ],
        }),
        scenarios: [100, 200].map((intensity, index) => sampleRun({ index, intensity, unusable: true })),
      },
      made,
    ),
  'of 300 runs': () =>
    reportOf(
      {
        ...sampleSource(),
        // Without a trail, which takes seconds of learning for each of 30 steps and is shown by the others.
        session: sampleSession({ id: 'exe_300' }),
        scenarios: Array.from({ length: 300 }, (_, index) => sampleRun({ index, intensity: 100 + index })),
      },
      made,
    ),
  'with hostile names': () => {
    const source = sampleSource(HOSTILE);
    const session = { ...source.session, id: `ses_../../${HOSTILE}`, end_reason: HOSTILE };
    const limits = [sampleLimit({ reason: HOSTILE, binding: HOSTILE })];
    return reportOf({ ...source, session: { ...session, limits } }, { ...made, expectations: [hostileExpectation()] });
  },
  'of one failed load test': () =>
    reportOf(
      {
        target: sampleTarget(),
        session: sampleSession({ id: 'exe_1', limits: [], budget_seconds: null, precision: null }),
        scenarios: [sampleRun({ index: 0, intensity: 500 })],
      },
      made,
    ),
};

/** A session in each state that a report must survive; each is made once. */
export const REPORTS = Object.fromEntries(
  Object.entries(SAMPLES).map(([name, make]) => {
    let report: ReportData | null = null;
    return [name, () => (report ??= make())];
  }),
);

function hostileExpectation() {
  const observed = { low: 396, high: 429 };
  return { kind: 'load_balancing', expression: HOSTILE, observed, outcome: 'failed' } as const;
}

/** A report in one format as text. */
export async function textOf(parts: AsyncIterable<string | Uint8Array>): Promise<string> {
  return (await bytesOf(parts)).toString('utf8');
}

export async function bytesOf(parts: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(typeof part === 'string' ? Buffer.from(part) : part);
  return Buffer.concat(all);
}
