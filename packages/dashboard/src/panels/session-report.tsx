'use client';

import { isExecution, type RouteOutput, type SessionRow } from '@hive/contract';
import { Play, Square } from 'lucide-react';
import { useEffect } from 'react';
import { useFeed, useLive } from '../live/feed-provider';
import { updatedRows } from '../live/rows';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { duration } from '../ui/format';
import { Moment } from '../ui/moment';
import { LimitCard } from './limit-card';
import { MetricsChart } from './metrics-chart';
import { RecentProblems } from './recent-problems';
import { ReportMenu } from './report-menu';
import { isRunning, saySession } from './say-session';
import { SessionBadge } from './session-badge';
import { TrainingProgress } from './training-progress';
import { useActions } from './use-actions';

/** Less is not worth a run. */
const LEAST_SECONDS = 5;

/** One that did not end by itself and has something left of its budget. The API knows best. */
function mayResume(
  { id, status, budget_seconds: budget, runtime_seconds: ran }: SessionRow,
  running: boolean,
): boolean {
  if (running || isExecution(id) || status === 'running' || status === 'completed') return false;
  return budget === null || budget - (ran ?? 0) >= LEAST_SECONDS;
}

/** What one session did: its limits, and its runs with their reasons. As the server painted it, then as the feed tells it. */
export function SessionReport({ loaded }: { loaded: RouteOutput<'getSession'> }) {
  const feed = useFeed();
  const { state, connection } = useLive((view) => view);
  const { status } = state;
  const session = state.sessions.find(({ id }) => id === loaded.id) ?? loaded;
  const { id, target_id: target } = session;
  const running = isRunning(session, status);
  const view = state.views[target];
  const runs = updatedRows(loaded.scenarios, view?.scenarios ?? [], ({ session_id }) => session_id === id);
  const actions = useActions();
  useEffect(() => feed.follow(target), [feed, target]);
  const ours = new Set(runs.map((run) => run.id));
  const points = (view?.points ?? []).filter(({ scenarioId }) => ours.has(scenarioId));

  // While it runs it has no limits of its own yet: what is known about its target is what it has found so far.
  const limits = running ? view?.limits.filter(({ kind }) => session.kinds.includes(kind)) : session.limits;
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="grid gap-1 lg:col-span-2">
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold tracking-tight">
          Session of {target} <SessionBadge {...session} />
          <span className="ml-auto">
            <ReportMenu session={id} />
          </span>
        </h1>
        <p className="text-sm text-pretty text-ink-soft">
          <Moment at={session.started_at} withDate /> · {saySession(session, status)}
          {session.budget_seconds === null ? '' : ` · time budget ${duration(session.budget_seconds)}`}
        </p>
        {session.end_reason && session.end_reason !== session.status ? (
          <p className="text-sm text-pretty first-letter:uppercase">{session.end_reason}</p>
        ) : null}
      </div>
      <div className="grid min-w-0 content-start gap-4 lg:col-start-2">
        {mayResume(session, running) ? (
          <Button
            look="primary"
            icon={Play}
            busy={actions.doing === 'starting'}
            disabled={actions.doing === 'starting' || status.running}
            onClick={() => actions.resume(id)}
          >
            Resume
          </Button>
        ) : null}
        {running ? (
          <Card
            label="Now"
            aside={
              <Button
                look="danger"
                icon={Square}
                busy={actions.doing === 'stopping'}
                disabled={actions.doing === 'stopping'}
                onClick={actions.stop}
              >
                Stop
              </Button>
            }
          >
            <TrainingProgress status={status} statusAtMs={state.statusAtMs} live={connection === 'live'} />
          </Card>
        ) : null}
        <LimitCard
          target={target}
          limits={limits}
          trail={status.session_id === id ? (state.trails[target] ?? []) : []}
          nextReason={running ? status.next_reason : null}
        />
      </div>
      <div className="grid min-w-0 content-start gap-4 lg:col-start-1 lg:row-start-2">
        {points.length > 0 ? <MetricsChart points={points} /> : null}
        <RecentProblems
          title="Runs"
          scenarios={runs}
          runningId={status.current?.scenario_id ?? null}
          nothing={running ? 'The first run is about to start.' : 'This session ended before its first run.'}
          whole
        />
      </div>
    </div>
  );
}
