import type { ScenarioRow } from '@hive/contract';
import { Badge, type Tone } from '../ui/badge';
import { Card, Nothing } from '../ui/card';
import { Moment } from '../ui/moment';
import { VerdictBadge } from './verdict-badge';

const DIFFICULTY_TONES = {
  easy: 'good',
  medium: 'info',
  hard: 'honey',
  extreme: 'bad',
} as const satisfies Record<ScenarioRow['difficulty'], Tone>;

export interface RecentProblemsProps {
  /** Newest first. */
  scenarios: readonly ScenarioRow[];
  runningId: string | null;
}

/** The newest generated scenarios, and what came of them. */
export function RecentProblems({ scenarios, runningId }: RecentProblemsProps) {
  return (
    <Card label="Recent problems" aside={<span className="text-xs text-ink-soft">newest first</span>}>
      {scenarios.length === 0 ? (
        <Nothing>No scenario yet: choose a target and press Start Training.</Nothing>
      ) : (
        <ol aria-label="Generated scenarios" className="-mx-2 max-h-[34rem] divide-y divide-line overflow-y-auto px-2">
          {scenarios.map((scenario) => (
            <Problem key={scenario.id} scenario={scenario} running={scenario.id === runningId} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function Problem({ scenario, running }: { scenario: ScenarioRow; running: boolean }) {
  const doubts = scenario.validity?.reasons ?? [];
  const findings = scenario.results?.findings ?? [];
  return (
    <li className="py-2.5 first:pt-1">
      <div className="flex items-center justify-between gap-3">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-mono text-xs font-medium">{scenario.scenario_type}</span>
          <Badge tone={DIFFICULTY_TONES[scenario.difficulty]}>{scenario.difficulty}</Badge>
        </div>
        <VerdictBadge verdict={scenario.verdict} validity={scenario.validity} running={running} />
      </div>
      <p className="mt-1 text-sm leading-snug text-pretty">{scenario.description}</p>
      <p className="mt-0.5 flex gap-2 text-xs leading-snug text-ink-soft">
        <Moment at={scenario.created_at} />
        {running ? null : (
          <span className="min-w-0">
            {scenario.reason}{' '}
            {doubts.length > 0 ? <span className="text-honey-ink">{`· ${doubts.join(' · ')}`}</span> : null}
          </span>
        )}
      </p>
      {findings.length > 0 ? (
        <ul aria-label="Findings" className="mt-0.5 list-inside list-disc text-xs leading-snug text-ink-soft">
          {findings.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}
