import type { CheckResult, ScheduledResult } from '@hive/contract';
import { Badge, type Tone } from '../ui/badge';

/** What each result of a check or of a scheduled run is called, how its badge looks, and its color in pictures. */
export const RESULTS: Readonly<Record<ScheduledResult, { word: string; tone: Tone }>> = {
  pass: { word: 'passed', tone: 'good' },
  degraded: { word: 'degraded', tone: 'honey' },
  fail: { word: 'failed', tone: 'bad' },
  under_load: { word: 'under load', tone: 'info' },
  invalid: { word: 'not usable', tone: 'plain' },
  skipped: { word: 'skipped', tone: 'plain' },
  interrupted: { word: 'interrupted', tone: 'plain' },
  running: { word: 'running', tone: 'honey' },
};

/** Colors of results in pictures; what says nothing about the target is grey. */
export const RESULT_COLORS: Readonly<Record<CheckResult, string>> = {
  pass: 'var(--good)',
  degraded: 'var(--honey)',
  fail: 'var(--bad)',
  under_load: 'var(--info)',
  invalid: 'var(--line-strong)',
};

/** What a check or a scheduled run found, in one badge. */
export function ResultBadge({ result, title }: { result: ScheduledResult; title?: string | null }) {
  const { word, tone } = RESULTS[result];
  return (
    <Badge tone={tone} {...(title ? { title } : {})}>
      {word}
    </Badge>
  );
}
