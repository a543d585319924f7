'use client';

import { useLive } from '../../live/feed-provider';
import { May } from '../../live/me';
import { AddTargetDialog } from '../add-target-dialog';
import { BusyBanner } from '../busy-banner';
import { FirstRun } from '../first-run/first-run';
import { isTouring, Tour } from '../first-run/tour';
import { useActions } from '../use-actions';
import { Attention } from './attention';
import { SinceLastVisit } from './since-last-visit';
import { TargetTable } from './target-table';

/** Everything at a glance: a row a target, what needs attention, and what runs. Where nothing was measured: how to begin. */
export function Overview() {
  const sessions = useLive(({ state }) => state.sessions);
  const targets = useLive(({ state }) => state.targets);
  const status = useLive(({ state }) => state.status);
  const actions = useActions();
  if (sessions.length === 0 && !status.running) {
    return (
      <div className="grid gap-4">
        <SinceLastVisit targets={targets} />
        <Attention targets={targets} sessions={sessions} />
        <FirstRun />
      </div>
    );
  }
  return (
    <div className="grid gap-4">
      <div className="flex min-h-9 items-center justify-between gap-3">
        <h1 className="text-lg font-semibold tracking-tight">Overview</h1>
        <May to="target.write">
          <AddTargetDialog disabled={status.running} onAdd={actions.addTarget} />
        </May>
      </div>
      {status.machine === undefined ? null : <BusyBanner machine={status.machine} onRunAnyway={actions.runAnyway} />}
      {isTouring(sessions) ? <Tour sessions={sessions} /> : null}
      <SinceLastVisit targets={targets} />
      <Attention targets={targets} sessions={sessions} />
      <TargetTable targets={targets} />
    </div>
  );
}
