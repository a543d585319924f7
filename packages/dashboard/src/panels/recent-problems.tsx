import { isRamp, type ScenarioRow } from '@hive/contract';
import { Badge } from '../ui/badge';
import { Card, Nothing } from '../ui/card';
import { Moment } from '../ui/moment';
import { KindName } from './kind-name';
import { VerdictBadge } from './verdict-badge';

export interface RecentProblemsProps {
  title?: string;
  /** Newest first. */
  scenarios: readonly ScenarioRow[];
  runningId: string | null;
  /** Says how the first comes, while there is none. */
  nothing: string;
  /** Shows them all, and not a part that scrolls. */
  whole?: boolean;
}

/** Runs, each with what was sent, what came of it and why. */
export function RecentProblems({
  title = 'Recent runs',
  scenarios,
  runningId,
  nothing,
  whole = false,
}: RecentProblemsProps) {
  return (
    <Card label={title} aside={<span className="text-xs text-ink-soft">newest first</span>}>
      {scenarios.length === 0 ? (
        <Nothing>{nothing}</Nothing>
      ) : (
        <ol
          aria-label={title}
          // What scrolls must be reached by the keyboard.
          tabIndex={whole ? undefined : 0}
          className={`-mx-2 divide-y divide-line px-2 ${whole ? '' : 'max-h-[34rem] overflow-y-auto'}`}
        >
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
      <div className="flex items-start justify-between gap-3">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <KindName kind={scenario.scenario_type} />
          {/* A ramp has no load of its own. */}
          {isRamp(scenario.parameters) ? null : <Badge>{scenario.difficulty}</Badge>}
        </div>
        <VerdictBadge outcome={scenario.outcome} validity={scenario.validity} running={running} />
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
