'use client';

import { useEffect, useState } from 'react';
import { MetricsChart } from '../panels/metrics-chart';
import { chooseTarget, type Snapshot } from '../live/snapshot';
import { useFeed } from '../live/use-feed';
import { AddTargetDialog } from '../panels/add-target-dialog';
import { ConnectionIndicator } from '../panels/connection-indicator';
import { Header } from './header';
import { LimitCard } from '../panels/limit-card';
import { RecentProblems } from '../panels/recent-problems';
import { SessionHistory } from '../panels/session-history';
import { TrainingControls } from '../panels/training-controls';
import { StatusRow } from '../panels/status-row';
import { TokenForm } from '../panels/token-form';
import { useActions } from '../panels/use-actions';
import { useAlerts } from '../panels/use-alerts';

export interface DashboardProps {
  /** Where the browser reaches the API. */
  apiUrl: string;
  token: string | undefined;
  snapshot: Snapshot;
}

/** Everything on one page: painted by the server from the snapshot, then kept live. */
export function Dashboard({ apiUrl, token, snapshot }: DashboardProps) {
  const { feed, view } = useFeed({ apiUrl, token, snapshot });
  const { state, connection, unauthorized } = view;
  const { status, targets } = state;
  const [wanted, setWanted] = useState<string>();
  // A running session is what is looked at, whatever was chosen before.
  const target = chooseTarget(targets, status, status.running ? (status.target ?? wanted) : wanted);
  const actions = useActions(feed);
  useAlerts(state.alert);
  useEffect(() => {
    if (target !== null) feed.follow(target);
  }, [feed, target]);

  if (unauthorized) return <TokenForm wrong={token !== undefined} />;
  const limits = target === null ? undefined : state.limits[target];
  const trail = (target === null ? undefined : state.trails[target]) ?? [];
  return (
    <>
      <Header>
        <ConnectionIndicator state={connection} />
      </Header>
      <main className="mx-auto grid max-w-[1440px] gap-4 px-4 py-4 sm:px-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="lg:col-span-2">
          <StatusRow state={state} />
        </div>
        <div className="grid min-w-0 content-start gap-4 lg:col-start-2 lg:row-start-2">
          <TrainingControls
            targets={targets}
            target={target}
            onTarget={setWanted}
            limits={limits}
            status={status}
            statusAtMs={state.statusAtMs}
            live={connection === 'live'}
            doing={actions.doing}
            onStart={actions.start}
            onStop={actions.stop}
            onGenerate={(kinds) => target !== null && actions.generate(target, kinds)}
            addTarget={
              <AddTargetDialog
                disabled={status.running}
                onAdd={async (input) => setWanted(await actions.addTarget(input))}
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
          <MetricsChart points={state.points} />
          <RecentProblems
            scenarios={state.scenarios}
            runningId={status.current?.scenario_id ?? null}
            nothing="No run yet: choose a target and press Find limit."
          />
        </div>
        <div className="min-w-0 lg:col-span-2">
          <SessionHistory title="Sessions" sessions={state.sessions} status={status} />
        </div>
      </main>
    </>
  );
}
