import { isRamp, type ScenarioRow } from '@hive/contract';
import Link from 'next/link';
import { Badge } from '../ui/badge';
import { Card, Nothing } from '../ui/card';
import { Moment } from '../ui/moment';
import { KindName } from './kind-name';
import { furtherDoubts, VerdictBadge } from './verdict-badge';

export interface RecentProblemsProps {
  title?: string;
  /** Newest first. */
  scenarios: readonly ScenarioRow[];
  runningId: string | null;
  /** Says how the first comes, while there is none. */
  nothing: string;
  /** Shows them all, and not a part that scrolls. */
  whole?: boolean;
  /** Where the list is that holds them all. */
  all: string;
}

/** As many are laid out at once; of more, those that nobody sees are not. */
const MOST_LAID_OUT = 100;
const UNSEEN = '[contain-intrinsic-size:auto_5rem] [content-visibility:auto]';

/** Runs, each with what was sent, what came of it and why. */
export function RecentProblems({
  title = 'Recent runs',
  scenarios,
  runningId,
  nothing,
  whole = false,
  all,
}: RecentProblemsProps) {
  return (
    <Card
      label={title}
      aside={
        <span className="text-xs text-ink-soft">
          newest first ·{' '}
          <Link href={all} className="rounded underline underline-offset-4">
            All runs
          </Link>
        </span>
      }
    >
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
            <li
              key={scenario.id}
              className={`-mx-1 px-1 py-2.5 first:pt-1 ${scenarios.length > MOST_LAID_OUT ? UNSEEN : ''}`}
            >
              <Problem scenario={scenario} running={scenario.id === runningId} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function Problem({ scenario, running }: { scenario: ScenarioRow; running: boolean }) {
  const doubts = furtherDoubts(scenario);
  const findings = scenario.results?.findings ?? [];
  return (
    <>
      <div className="flex items-start justify-between gap-3">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <KindName kind={scenario.scenario_type} />
          {/* A ramp has no load of its own. */}
          {isRamp(scenario.parameters) ? null : <Badge>{scenario.difficulty}</Badge>}
        </div>
        <VerdictBadge outcome={scenario.outcome} validity={scenario.validity} running={running} />
      </div>
      <p className="mt-1 text-sm leading-snug text-pretty">
        <Link
          href={`/runs/${encodeURIComponent(scenario.id)}`}
          prefetch={false}
          className="rounded underline-offset-4 hover:underline"
        >
          {scenario.description}
        </Link>
      </p>
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
        <ul aria-label="Findings" className="mt-0.5 list-outside list-disc pl-4 text-xs leading-snug text-ink-soft">
          {findings.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
