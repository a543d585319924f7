import { VALIDITY_WORDS } from '@hive/contract';
import { chartsOf } from '../charts/charts-of.js';
import type { ReportData } from '../report-schema.js';
import type { ReportDocument, Section, Tone } from './document.js';
import { errorsSection, findingsSection } from './errors.js';
import { limitsSection } from './limits.js';
import { methodSection } from './method.js';
import { objectivesSection } from './objectives.js';
import { runsSection } from './runs.js';
import { instant } from './words.js';

const TONES: Readonly<Record<ReportData['verdict']['outcome'], Tone>> = {
  passed: 'good',
  failed: 'bad',
  undecided: 'warn',
  aborted: 'warn',
};
const RUN_WORDS = { passed: 'Passed', failed: 'Failed', undecided: 'Undecided', aborted: 'Stopped' } as const;

/**
 * What a report says, in the order of every format: the verdict and how far to trust it, objectives, limits, charts, errors, findings, each
 * run, and the settings for replay. Sections with nothing to say are left out.
 */
export function documentOf(report: ReportData): ReportDocument {
  const { session, target, verdict } = report;
  const sections: (Section | null)[] = [
    objectivesSection(report),
    limitsSection(report),
    chartsSection(report),
    errorsSection(report),
    findingsSection(report),
    runsSection(report),
    methodSection(report),
  ];
  return {
    title: `${TITLES[session.mode]} of ${target.id}`,
    subtitle: `${instant(session.started_at)} · ${target.nodes.join(', ')} · session ${session.id}`,
    verdict: {
      word: wordOf(report),
      tone: toneOf(verdict),
      headline: verdict.headline,
      trust: `Measurement: ${VALIDITY_WORDS[verdict.trust]}`,
      reasons: verdict.reasons,
    },
    sections: sections.filter((section) => section !== null),
  };
}

const TITLES = { train: 'Measurement', verify: 'One load', run: 'Load test' } as const;

/** What passed is green only where it can be trusted. */
function toneOf({ trust, outcome }: ReportData['verdict']): Tone {
  if (trust === 'invalid') return 'warn';
  return outcome === 'passed' && trust === 'suspect' ? 'warn' : TONES[outcome];
}

/** A measurement without expectations passes nothing: it is complete. */
function wordOf({ session, verdict, expectations }: ReportData): string {
  if (session.status === 'running') return 'Running';
  if (verdict.trust === 'invalid' && verdict.outcome === 'undecided') return 'Not usable';
  if (session.mode === 'train' && verdict.outcome === 'passed' && expectations.length === 0) return 'Measured';
  return RUN_WORDS[verdict.outcome];
}

function chartsSection(report: ReportData): Section | null {
  const charts = chartsOf(report);
  return charts.length === 0
    ? null
    : { title: 'Charts', blocks: charts.map((chart) => ({ type: 'chart' as const, chart })) };
}
