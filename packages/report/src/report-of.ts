import { createHash } from 'node:crypto';
import {
  BASE_KIND,
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
  const about = sessionOf(session);
  const expectations = [...questionOf(session), ...(making.expectations ?? [])];
  return {
    format: 'hive-report',
    version: REPORT_VERSION,
    made: making.made,
    target: targetOf(target),
    session: about,
    verdict: verdictOf({ session: about, runs, limits: session.limits, expectations }),
    expectations,
    limits: session.limits,
    trails: about.mode === 'train' ? trailsOf({ target, session, scenarios }) : [],
    errors: errorsOf(runs),
    runs,
    ceiling: making.ceiling === null ? null : withoutHost(making.ceiling),
  };
}

/** The report of a session that was asked for more than it knew: what was expected counts for its verdict. */
export function withExpectations(report: ReportData, expectations: ReportData['expectations']): ReportData {
  return { ...report, expectations, verdict: verdictOf({ ...report, expectations }) };
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

function sessionOf(row: SessionRow): ReportData['session'] {
  const { id, started_at, ended_at, status, kinds, budget_seconds, precision, hold_seconds } = row;
  const { runtime_seconds, end_code, end_reason, labels, question, answer } = row;
  const asked = { kinds, budget_seconds, precision, hold_seconds, labels, question };
  const mode = isExecution(id) ? 'run' : row.mode;
  return { id, mode, started_at, ended_at, status, ...asked, runtime_seconds, end_code, end_reason, answer };
}

/** A question is an expectation: every format shows it, and what came of it. */
function questionOf({ question, answer, limits }: SessionRow): ReportExpectation[] {
  if (question === null || answer === null) return [];
  const { low = null, high = null } = limits.find(({ kind }) => kind === BASE_KIND) ?? {};
  const outcome = { yes: 'passed', no: 'failed', undecided: 'undecided' } as const;
  const expression = `${BASE_KIND}>=${question.at_per_second}`;
  return [{ kind: BASE_KIND, expression, observed: { low, high }, outcome: outcome[answer] }];
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
