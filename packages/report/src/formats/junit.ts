import { type Kind, kindLabel, observedText, OUTCOME_WORDS } from '@hive/contract';
import { tellingRuns } from '../document/telling-runs.js';
import { runText } from '../document/words.js';
import { escapeMarkup } from '../plain-text.js';
import type { ReportData, ReportRun } from '../report-schema.js';
import type { Render } from './format.js';

interface Case {
  name: string;
  seconds: number;
  /** Null: it passed. */
  problem: { tag: 'failure' | 'error' | 'skipped'; message: string } | null;
}

/**
 * JUnit XML as CI systems read it: a suite for each kind, a case for each objective and each expectation. `failure`: judged failed, or left
 * undecided where it had to be shown. `error`: could not be judged. `skipped`: does not apply. So nothing that was not shown looks green.
 */
export const render: Render = (report) => {
  const suites = report.session.kinds.map((kind) => ({ kind, cases: casesOf(report, kind) }));
  const all = suites.flatMap(({ cases }) => cases);
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeMarkup(`hive ${report.target.id}`)}" ${totals(all)}>`,
    ...suites.flatMap(({ kind, cases }) => suiteText(report, { kind, cases })),
    '</testsuites>',
  ].join('\n');
  return [`${text}\n`];
};

function casesOf(report: ReportData, kind: Kind): Case[] {
  const expected = report.expectations
    .filter((one) => one.kind === kind)
    .map((one) => {
      const name = `expected ${one.expression}`;
      if (one.outcome === 'passed') return { name, seconds: 0, problem: null };
      const { low, high } = one.observed;
      const message =
        low === null && high === null ? 'the limit was not measured' : `measured ${low ?? '?'} to ${high ?? '?'}`;
      const tag = low === null && high === null ? ('error' as const) : ('failure' as const);
      return { name, seconds: 0, problem: { tag, message: `${OUTCOME_WORDS[one.outcome]}: ${message}` } };
    });
  const judged = tellingRuns(report)
    .filter((run) => run.kind === kind)
    .flatMap((run) => casesOfRun(report, run));
  const cases = [...expected, ...judged];
  return cases.length > 0 ? cases : [unjudged(report, kind)];
}

function casesOfRun({ session }: ReportData, run: ReportRun): Case[] {
  const { objectives, reason, validity } = run.result;
  const mustShow = session.mode === 'run' || run.plan.hold === true;
  const seconds = run.result.executionSeconds;
  const named =
    objectives.length > 0
      ? objectives
      : run.objectives.map((expression) => ({ expression, observed: null, outcome: 'undecided' as const }));
  return named.map(({ expression, observed, outcome }): Case => {
    const name = `${expression} (${runText(run)})`;
    if (run.outcome === 'not_usable')
      return { name, seconds, problem: { tag: 'error', message: `not usable: ${validity.reasons.join('; ')}` } };
    if (run.outcome === 'aborted')
      return { name, seconds, problem: { tag: 'error', message: 'stopped before it could be judged' } };
    if (run.outcome === 'not_applicable') return { name, seconds, problem: { tag: 'skipped', message: reason } };
    if (outcome === 'passed') return { name, seconds, problem: null };
    const message = `${OUTCOME_WORDS[outcome]}: observed ${observedText(expression, observed)}; ${reason}`;
    return { name, seconds, problem: { tag: outcome === 'failed' || mustShow ? 'failure' : 'error', message } };
  });
}

/** A kind about which nothing was shown must not look green. */
function unjudged({ limits, runs }: ReportData, kind: Kind): Case {
  const limit = limits.find((one) => one.kind === kind);
  const own = runs.filter((run) => run.kind === kind);
  const name = 'any objective';
  if (limit?.status === 'not_applicable' || own.some(({ outcome }) => outcome === 'not_applicable')) {
    return {
      name,
      seconds: 0,
      problem: { tag: 'skipped', message: limit?.reason ?? own[0]?.result.reason ?? 'does not apply' },
    };
  }
  const reasons = [...new Set(own.flatMap(({ result }) => result.validity.reasons))];
  const message =
    own.length === 0
      ? 'no run was measured'
      : `no run could be judged: ${reasons.join('; ') || 'none was a test of one load'}`;
  return { name, seconds: 0, problem: { tag: 'error', message } };
}

function suiteText({ session }: ReportData, { kind, cases }: { kind: Kind; cases: readonly Case[] }): string[] {
  const name = escapeMarkup(`${kindLabel(kind)} (${kind})`);
  return [
    `  <testsuite name="${name}" ${totals(cases)} timestamp="${escapeMarkup(session.started_at.replace(/\.\d+Z$|Z$/, ''))}">`,
    ...cases.flatMap((one) => caseText(one, kind)),
    '  </testsuite>',
  ];
}

function caseText({ name, seconds, problem }: Case, kind: Kind): string[] {
  const open = `    <testcase name="${escapeMarkup(name)}" classname="hive.${kind}" time="${seconds.toFixed(3)}"`;
  if (problem === null) return [`${open}/>`];
  const type = problem.tag === 'skipped' ? '' : ` type="${problem.tag}"`;
  return [`${open}>`, `      <${problem.tag} message="${escapeMarkup(problem.message)}"${type}/>`, '    </testcase>'];
}

function totals(cases: readonly Case[]): string {
  const count = (tag: string): number => cases.filter(({ problem }) => problem?.tag === tag).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${seconds}"`;
}
