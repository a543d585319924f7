import {
  ANSWER_WORDS,
  BASE_KIND,
  hasEstimate,
  KIND_LABELS,
  kindLabel,
  limitWords,
  STATUS_WORDS,
  type Limit,
} from '@hive/contract';
import type { ReportData, ReportRun } from './report-schema.js';

type Verdict = ReportData['verdict'];
type Judged = Pick<ReportData, 'session' | 'runs' | 'limits' | 'expectations'>;

/** What a session came to, and how far to trust it. */
export function verdictOf(judged: Judged): Verdict {
  const trust = trustOf(judged);
  const outcome = outcomeOf(judged, trust.trust);
  return { outcome, headline: headlineOf(judged), ...trust };
}

function outcomeOf({ session, runs, expectations }: Judged, trust: Verdict['trust']): Verdict['outcome'] {
  if (session.status === 'stopped' || session.status === 'interrupted') return 'aborted';
  if (trust === 'invalid' || session.status === 'failed') return 'undecided';
  if (session.mode !== 'run') {
    const worst = (['failed', 'undecided'] as const).find((one) => expectations.some(({ outcome }) => outcome === one));
    return worst ?? 'passed';
  }
  const verdicts = runs.map(({ result }) => result.verdict);
  if (verdicts.includes('aborted')) return 'aborted';
  if (verdicts.includes('failed')) return 'failed';
  return verdicts.every((one) => one === 'passed') ? 'passed' : 'undecided';
}

function trustOf({ session, runs, limits }: Judged): Pick<Verdict, 'trust' | 'reasons'> {
  if (runs.length === 0) return { trust: 'invalid', reasons: ['no run was measured'] };
  const unusable = runs.filter(({ outcome }) => outcome === 'not_usable');
  if (unusable.length === runs.length) return { trust: 'invalid', reasons: reasonsOf(unusable) };
  const doubtful = runs.filter(({ result }) => result.validity.status === 'suspect');
  if (session.mode !== 'train')
    return { trust: doubtful.length > 0 ? 'suspect' : 'valid', reasons: reasonsOf(doubtful) };
  const open = limits.filter(({ status }) => status !== 'known' && status !== 'not_applicable');
  const reasons = open.map(({ kind, status, reason }) => `${kindLabel(kind)}: ${reason ?? STATUS_WORDS[status]}`);
  if (unusable.length > 0) reasons.push(`${unusable.length} of ${runs.length} runs were not usable and taught nothing`);
  return { trust: open.length > 0 || limits.length === 0 ? 'suspect' : 'valid', reasons };
}

function reasonsOf(runs: readonly ReportRun[]): string[] {
  return [...new Set(runs.flatMap(({ result }) => result.validity.reasons))];
}

function headlineOf({ session, runs, limits }: Judged): string {
  if (session.mode === 'run') return runs[0]?.result.reason ?? 'No run was measured';
  if (session.answer !== null) return `${ANSWER_WORDS[session.answer]}: ${session.end_reason ?? 'not answered'}`;
  const first = tellingLimit(limits);
  if (first === undefined) return runs.length === 0 ? 'No run was measured' : 'No limit was measured';
  return `${KIND_LABELS[first.kind].value}: ${limitText(first)}`;
}

/** The limit to be named first: that of the request rate where it is measured, else the first that is. */
export function tellingLimit(limits: readonly Limit[]): Limit | undefined {
  const byPlace = limits.toSorted((a, b) => Number(b.kind === BASE_KIND) - Number(a.kind === BASE_KIND));
  const isTold = ({ status }: Limit): boolean => hasEstimate(status) || status === 'at_least' || status === 'below';
  return byPlace.find(isTold) ?? byPlace[0];
}

/** A limit in a few words. */
export function limitText(limit: Limit | (NonNullable<Limit['own']> & { unit: string })): string {
  return limitWords(limit, limit.unit);
}
