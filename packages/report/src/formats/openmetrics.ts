import type { Limit } from '@hive/contract';
import { errorShare } from '../document/words.js';
import { plain } from '../plain-text.js';
import type { ReportData, ReportRun } from '../report-schema.js';
import type { Render } from './format.js';

type Labels = Readonly<Record<string, string>>;
interface Sample {
  suffix?: string;
  labels: Labels;
  value: number;
}
interface Family {
  name: string;
  type: 'gauge' | 'info' | 'counter' | 'summary';
  help: string;
  unit?: string;
  samples: readonly Sample[];
}

const ENDS = ['estimate', 'low', 'high', 'safe'] as const;
const QUANTILES = [
  ['0.5', 'p50'],
  ['0.9', 'p90'],
  ['0.95', 'p95'],
  ['0.99', 'p99'],
  ['0.999', 'p999'],
] as const;

/** OpenMetrics 1.0 text, for GitLab's metrics reports and for a push gateway. */
export const render: Render = (report) => {
  const families = [...sessionFamilies(report), ...runFamilies(report)].filter(({ samples }) => samples.length > 0);
  return [...families.map(familyText), '# EOF\n'];
};

function sessionFamilies({ session, target, verdict, limits }: ReportData): Family[] {
  const of = { target: target.id };
  const about = { ...of, session: session.id, mode: session.mode, verdict: verdict.outcome, trust: verdict.trust };
  return [
    {
      name: 'hive_session',
      type: 'info',
      help: 'The session that was measured',
      samples: [{ suffix: '_info', labels: about, value: 1 }],
    },
    {
      name: 'hive_session_passed',
      type: 'gauge',
      help: '1: passed; 0: not',
      samples: [{ labels: of, value: verdict.outcome === 'passed' ? 1 : 0 }],
    },
    {
      name: 'hive_limit',
      type: 'gauge',
      help: 'Limit of a kind in its own unit',
      samples: limits.flatMap((limit) => limitSamples(limit, of)),
    },
  ];
}

function limitSamples(limit: Limit, of: Labels): Sample[] {
  return ENDS.flatMap((end) => {
    const value = limit[end];
    const labels = { ...of, kind: limit.kind, unit: limit.unit, status: limit.status, end };
    return value === null ? [] : [{ labels, value }];
  });
}

function runFamilies({ target, runs }: ReportData): Family[] {
  const each = (samples: (run: ReportRun, labels: Labels) => Sample[]): Sample[] =>
    runs.flatMap((run, index) =>
      samples(run, {
        target: target.id,
        run: String(index + 1),
        kind: run.kind,
        intensity: String(run.intensity),
        outcome: run.outcome,
      }),
    );
  return [
    {
      name: 'hive_run_requests',
      type: 'counter',
      help: 'Requests of the judged part of a run',
      samples: each(({ result: { measurement } }, labels) =>
        measurement === null ? [] : [{ suffix: '_total', labels, value: measurement.counts.sent }],
      ),
    },
    {
      name: 'hive_run_throughput',
      type: 'gauge',
      help: 'Good answers per second',
      samples: each(({ result: { measurement } }, labels) =>
        measurement === null ? [] : [{ labels, value: measurement.throughputPerSecond }],
      ),
    },
    {
      name: 'hive_run_error_ratio',
      type: 'gauge',
      unit: 'ratio',
      help: 'Share of requests that were no success',
      samples: each((run, labels) => {
        const value = errorShare(run);
        return value === null ? [] : [{ labels, value }];
      }),
    },
    {
      name: 'hive_run_response_time_seconds',
      type: 'summary',
      unit: 'seconds',
      help: 'From the planned send to the end of the answer',
      samples: each(({ result: { measurement } }, labels) => summarySamples(measurement?.responseTimeMs, labels)),
    },
  ];
}

function summarySamples(
  times: NonNullable<ReportRun['result']['measurement']>['responseTimeMs'] | undefined,
  labels: Labels,
): Sample[] {
  if (times === undefined || times.count === 0) return [];
  return [
    ...QUANTILES.map(([quantile, name]) => ({ labels: { ...labels, quantile }, value: times[name] / 1_000 })),
    { suffix: '_sum', labels, value: (times.mean * times.count) / 1_000 },
    { suffix: '_count', labels, value: times.count },
  ];
}

function familyText({ name, type, help, unit, samples }: Family): string {
  const head = [
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${help}`,
  ];
  const lines = samples.map(({ suffix = '', labels, value }) => `${name}${suffix}{${labelText(labels)}} ${value}`);
  return [...head, ...lines].map((line) => `${line}\n`).join('');
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${plain(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)
    .join(',');
}
