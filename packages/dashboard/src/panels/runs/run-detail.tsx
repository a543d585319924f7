'use client';

import { KIND_LABELS, toHiveError, type Heatmap, type ScenarioDetail } from '@hive/contract';
import { Play } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useFeed, useLive } from '../../live/feed-provider';
import { May } from '../../live/me';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card, Nothing } from '../../ui/card';
import { Moment } from '../../ui/moment';
import { toast } from '../../live/toast';
import { strictestMs } from '../strictest-ms';
import { furtherDoubts, VerdictBadge } from '../verdict-badge';
import { RunCharts } from './run-charts';
import { RunFigures } from './run-figures';
import { SaveRun } from './save-run';

const LINK = 'rounded font-medium text-honey-ink underline underline-offset-4';

/** One run: what it showed and how far to trust it, then its figures, then its charts. */
export function RunDetail({ run, heatmap }: { run: ScenarioDetail; heatmap: Heatmap }) {
  const running = useLive(({ state }) => state.status.current?.scenario_id === run.id);
  const doubts = furtherDoubts(run);
  const findings = run.results?.findings ?? [];
  return (
    <div className="grid gap-4">
      <div className="grid gap-1">
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold tracking-tight">
          {KIND_LABELS[run.scenario_type].label} run
          <VerdictBadge outcome={run.outcome} validity={run.validity} running={running} />
          <span className="ml-auto flex gap-2">
            {run.outcome === null ? null : <SaveRun run={run} />}
            <May to="run">
              <Replay id={run.id} hasRun={run.outcome !== null} />
            </May>
          </span>
        </h1>
        <p className="text-pretty">{run.reason ?? 'This run has no result yet.'}</p>
        {doubts.length > 0 ? <p className="text-pretty text-honey-ink">{doubts.join(' · ')}</p> : null}
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-ink-soft">
          <span>{run.description}</span>
          <Badge>{run.difficulty}</Badge>
          <Moment at={run.created_at} withDate />
          <span>on {run.target_id}</span>
          {run.session_id === null ? null : (
            <Link href={`/sessions/${encodeURIComponent(run.session_id)}`} prefetch={false} className={LINK}>
              its session
            </Link>
          )}
        </p>
      </div>
      <RunFigures run={run} />
      {heatmap.columns.length === 0 ? (
        <Card label="Charts">
          <Nothing>
            {run.outcome === null ? 'It has charts once it was executed.' : 'No second of this run is kept.'}
          </Nothing>
        </Card>
      ) : (
        <RunCharts run={run} heatmap={heatmap} objectiveMs={strictestMs(run.parameters.objectives)} />
      )}
      {findings.length === 0 ? null : (
        <Card label="Findings">
          <ul className="list-outside list-disc pl-5 text-sm text-pretty">
            {findings.map((finding) => (
              <li key={finding}>{finding}</li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}

/** Executes the same plan again; what this run showed is replaced. */
function Replay({ id, hasRun }: { id: string; hasRun: boolean }) {
  const { client } = useFeed();
  const router = useRouter();
  const busyElsewhere = useLive(({ state }) => state.status.running);
  const [busy, setBusy] = useState(false);
  const execute = async (): Promise<void> => {
    setBusy(true);
    try {
      const { session_id: session } = await client.call('executeScenario', { params: { id } });
      router.push(`/sessions/${encodeURIComponent(session)}`);
    } catch (error) {
      const { message, hint } = toHiveError(error);
      toast.error(message, hint === undefined ? {} : { description: hint });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      icon={Play}
      busy={busy}
      disabled={busy || busyElsewhere}
      title={hasRun ? 'The result shown here is replaced' : undefined}
      onClick={() => void execute()}
    >
      {hasRun ? 'Execute again' : 'Execute'}
    </Button>
  );
}
