import { createHash } from 'node:crypto';
import {
  ERROR_KINDS,
  isExecution,
  outcomeOf,
  type Ceiling,
  type SessionRow,
  type Target,
  type Window,
} from '@hive/contract';
import { REPORT_VERSION, type ReportData, type ReportExpectation, type ReportRun } from './report-schema.js';
import type { ReportSource } from './report-source.js';
import { trailsOf } from './trails.js';
import { verdictOf } from './verdict-of.js';

/** What a report says beside the session. */
export interface ReportMaking {
  /** Version of Hive, version of Node, and the time, ISO 8601. */
  made: ReportData['made'];
  /** What `hive doctor` measured on the load generator; null: nothing. */
  ceiling: Ceiling | null;
  expectations?: readonly ReportExpectation[];
}

/** Makes the report of a session. Pure: it reads nothing but what it is given. */
export function reportOf({ target, session, scenarios }: ReportSource, making: ReportMaking): ReportData {
  const runs = scenarios.map(runOf);
  const expectations = [...(making.expectations ?? [])];
  const mode = isExecution(session.id) ? 'run' : 'train';
  const about = { mode, ...sessionOf(session) } as const;
  return {
    format: 'hive-report',
    version: REPORT_VERSION,
    made: making.made,
    target: targetOf(target),
    session: about,
    verdict: verdictOf({ session: about, runs, limits: session.limits, expectations }),
    expectations,
    limits: session.limits,
    trails: mode === 'run' ? [] : trailsOf({ target, session, scenarios }),
    errors: errorsOf(runs),
    runs,
    ceiling: making.ceiling === null ? null : withoutHost(making.ceiling),
  };
}

function runOf({ scenario, result, windows, ...kept }: ReportSource['scenarios'][number]): ReportRun {
  const { id, kind, difficulty, intensity, unit, description, seed, base, objectives, plan } = scenario;
  const { requests: _, ...shown } = plan;
  const outcome = outcomeOf({ ...result, parameters: scenario }) ?? 'aborted';
  const own = { id, kind, difficulty, intensity, unit, description, seed, base, objectives };
  return { ...own, ...kept, plan: shown, outcome, result, windows: windows.map(({ window }) => windowOf(window)) };
}

function windowOf(window: Window): ReportRun['windows'][number] {
  const { at, fromMs, toMs, phase, counts, errors, offeredPerSecond, throughputPerSecond } = window;
  const { responseTimeMs, serviceTimeMs, connections, outstanding, waiting, bytesIn, bytesOut } = window;
  const load = { at, fromMs, toMs, phase, counts, errors, offeredPerSecond, throughputPerSecond };
  return { ...load, responseTimeMs, serviceTimeMs, connections, outstanding, waiting, bytesIn, bytesOut };
}

/** Headers and bodies stay out: they may hold secrets, and a report is passed on. The digest tells whether they differ. */
function targetOf({ id, nodes, requests, objectives }: Target): ReportData['target'] {
  return {
    id,
    nodes: nodes.map(({ url }) => withoutLogin(url)),
    objectives: [...objectives],
    requests: requests.map(({ name, method, path }) => ({ name, method, path: path.replace(/\?.*$/s, '') })),
    requestsDigest: createHash('sha256').update(JSON.stringify(requests)).digest('hex'),
  };
}

function withoutLogin(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '' && parsed.search === '') return url;
  return Object.assign(parsed, { username: '', password: '', search: '' }).href;
}

function sessionOf(row: SessionRow): Omit<ReportData['session'], 'mode'> {
  const { id, started_at, ended_at, status, kinds, budget_seconds, precision, hold_seconds } = row;
  const { runtime_seconds, end_code, end_reason } = row;
  const asked = { kinds, budget_seconds, precision, hold_seconds };
  return { id, started_at, ended_at, status, ...asked, runtime_seconds, end_code, end_reason, labels: {} };
}

function errorsOf(runs: readonly ReportRun[]): ReportData['errors'] {
  const measured = runs
    .filter(({ outcome }) => outcome !== 'not_usable')
    .map(({ result }) => result.measurement?.errors);
  const total = (kind: (typeof ERROR_KINDS)[number]): number =>
    measured.reduce((sum, errors) => sum + (errors?.[kind] ?? 0), 0);
  return Object.fromEntries(ERROR_KINDS.map((kind) => [kind, total(kind)] as const).filter(([, count]) => count > 0));
}

function withoutHost({ machine, ...ceiling }: Ceiling): ReportData['ceiling'] {
  const { cpu, cores, node } = machine;
  return { ...ceiling, machine: { cpu, cores, node } };
}
