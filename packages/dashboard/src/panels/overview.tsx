'use client';

import Link from 'next/link';
import { useEffect } from 'react';
import { useFeed, useLive } from '../live/feed-provider';
import { chooseTarget } from '../live/snapshot';
import { standingOf } from '../live/standing';
import { AddTargetDialog } from './add-target-dialog';
import { BusyBanner } from './busy-banner';
import { LimitCard } from './limit-card';
import { MetricsChart } from './metrics-chart';
import { RecentProblems } from './recent-problems';
import { SessionHistory } from './session-history';
import { StatusRow } from './status-row';
import { TrainingControls } from './training-controls';
import { useActions } from './use-actions';

/** How many sessions are shown here; /sessions has them all. */
const MOST_SESSIONS = 5;

/** Everything at a glance: what is measured now, what is known about the target, and what was done last. */
export function Overview() {
  const feed = useFeed();
  const { state, connection, chosen } = useLive((view) => view);
  const { status, targets } = state;
  // A running session is what is looked at, whatever was chosen before.
  const wanted = (status.running ? status.target : null) ?? chosen ?? undefined;
  const target = chooseTarget(targets, status, wanted);
  const actions = useActions();
  useEffect(() => {
    if (target !== null) feed.follow(target);
  }, [feed, target]);

  const view = target === null ? undefined : state.views[target];
  const limits = view?.limits;
  const standing = standingOf(state, target);
  const trail = (target === null ? undefined : state.trails[target]) ?? [];
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <h1 className="sr-only">Overview</h1>
      <div className="grid gap-4 lg:col-span-2">
        {status.machine === undefined ? null : <BusyBanner machine={status.machine} onRunAnyway={actions.runAnyway} />}
        <StatusRow standing={standing} />
      </div>
      <div className="grid min-w-0 content-start gap-4 lg:col-start-2">
        <TrainingControls
          targets={targets}
          target={target}
          onTarget={feed.choose}
          limits={limits}
          status={status}
          last={standing.status}
          statusAtMs={state.statusAtMs}
          live={connection === 'live'}
          doing={actions.doing}
          onStart={actions.start}
          askPlan={actions.askPlan}
          onStop={actions.stop}
          onGenerate={(kinds) => target !== null && actions.generate(target, kinds)}
          addTarget={
            <AddTargetDialog
              disabled={status.running}
              onAdd={async (input) => {
                const added = await actions.addTarget(input);
                feed.choose(added.id);
                return added;
              }}
            />
          }
        />
        <LimitCard
          target={target}
          limits={limits}
          trail={trail}
          nextReason={status.running ? status.next_reason : null}
        />
      </div>
      <div className="grid min-w-0 content-start gap-4 lg:col-start-1 lg:row-start-2">
        <MetricsChart points={view?.points ?? []} />
        <RecentProblems
          scenarios={view?.scenarios ?? []}
          runningId={status.current?.scenario_id ?? null}
          nothing="No run yet: choose a target and press Find limit."
        />
      </div>
      <div className="min-w-0 lg:col-span-2">
        <SessionHistory
          title={target === null ? 'Sessions' : `Sessions of ${target}`}
          aside={
            <Link href="/sessions" className="rounded text-xs font-medium text-honey-ink underline underline-offset-4">
              All sessions
            </Link>
          }
          sessions={(view?.sessions ?? []).slice(0, MOST_SESSIONS)}
          status={status}
        />
      </div>
    </div>
  );
}
