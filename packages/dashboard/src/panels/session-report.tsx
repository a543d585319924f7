'use client';

import {
  mayResume,
  regionsWords,
  type RouteOutput,
  type ScenarioRow,
  type SessionCourse,
  type Trail,
} from '@hive/contract';
import { Play, Square } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useMemo } from 'react';
import { pointsOfCourse } from '../live/chart-points';
import { useFeed, useLive } from '../live/feed-provider';
import { updatedRows } from '../live/rows';
import { useMay } from '../live/me';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { duration } from '../ui/format';
import { Moment } from '../ui/moment';
import type { TrailStep } from '../live/state';
import { LimitCard } from './limit-card';
import { LimitCourse } from './limit-course';
import { MetricsChart } from './metrics-chart';
import { ProductionFrame } from './production-frame';
import { RecentProblems } from './recent-problems';
import { regionsOf } from './regions-choice';
import { addressOf } from './runs/runs-filter';
import { ReportMenu } from './report-menu';
import { isRunning, sayAnswer, saySession } from './say-session';
import { SessionBadge } from './session-badge';
import { strictestMs } from './strictest-ms';
import { TrainingProgress } from './training-progress';
import { useActions } from './use-actions';

export interface SessionReportProps {
  loaded: RouteOutput<'getSession'>;
  course: SessionCourse;
}

/** What one session did, while it runs and afterwards: its answer, how it came to it, and its runs. As the server painted it, then as the feed tells it. */
export function SessionReport({ loaded, course }: SessionReportProps) {
  const feed = useFeed();
  const { connection, status, statusAtMs, sessions } = useLive((view) => ({
    connection: view.connection,
    status: view.state.status,
    statusAtMs: view.state.statusAtMs,
    sessions: view.state.sessions,
  }));
  const session = sessions.find(({ id }) => id === loaded.id) ?? loaded;
  const { id, target_id: target } = session;
  const running = isRunning(session, status);
  const answer = sayAnswer(session);
  const sent = regionsOf(session);
  const view = useLive(({ state }) => ({
    limits: state.views[target]?.limits,
    scenarios: state.views[target]?.scenarios,
    trail: state.trails[target],
  }));
  const runs = updatedRows(loaded.scenarios, view.scenarios ?? [], ({ session_id }) => session_id === id);
  const actions = useActions();
  const mayRun = useMay('run');
  useEffect(() => feed.follow(target), [feed, target]);
  const trail = status.session_id === id ? (view.trail ?? []) : [];
  const trails = session.kinds
    .map((kind) => longerTrail(kind, course.trails, trail))
    .filter(({ steps }) => steps.length > 0);

  // While it runs it has no limits of its own yet: what is known about its target is what it has found so far.
  const limits = running ? view.limits?.filter(({ kind }) => session.kinds.includes(kind)) : session.limits;
  return (
    <ProductionFrame target={target}>
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
            {sent === undefined ? '' : ` · sent from ${regionsWords(sent)}`}
            {session.budget_seconds === null ? '' : ` · time budget ${duration(session.budget_seconds)}`}
          </p>
          {answer === null ? null : (
            <output className="block text-2xl font-semibold tracking-tight text-balance sm:text-3xl">{answer}</output>
          )}
          {answer === null && session.end_reason && session.end_reason !== session.status ? (
            <p className="text-sm text-pretty first-letter:uppercase">{session.end_reason}</p>
          ) : null}
        </div>
        <div className="grid min-w-0 content-start gap-4 lg:col-start-2">
          {mayRun && !running && mayResume(session) ? (
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
                mayRun ? (
                  <Button
                    look="danger"
                    icon={Square}
                    busy={actions.doing === 'stopping'}
                    disabled={actions.doing === 'stopping'}
                    onClick={actions.stop}
                  >
                    Stop
                  </Button>
                ) : null
              }
            >
              <TrainingProgress status={status} statusAtMs={statusAtMs} live={connection === 'live'} />
            </Card>
          ) : null}
          <LimitCard
            target={target}
            limits={limits}
            traffic={null}
            marks={[]}
            trail={trail}
            nextReason={running ? status.next_reason : null}
          />
        </div>
        <div className="grid min-w-0 content-start gap-4 lg:col-start-1 lg:row-start-2">
          <LimitCourse trails={trails} precision={session.precision} />
          <SessionChart target={target} runs={runs} course={course} />
          <RecentProblems
            title="Runs"
            scenarios={runs}
            runningId={status.current?.scenario_id ?? null}
            nothing={running ? 'The first run is about to start.' : 'This session ended before its first run.'}
            all={addressOf({ session: id })}
            whole
          />
          {loaded.next === null ? null : (
            <Link
              href={addressOf({ session: id, after: loaded.next })}
              prefetch={false}
              className="justify-self-start rounded text-sm font-medium text-honey-ink underline underline-offset-4"
            >
              Older runs
            </Link>
          )}
        </div>
      </div>
    </ProductionFrame>
  );
}

/** Of one kind what is stored, or what was told since the page was opened, whichever reaches further. */
function longerTrail(kind: Trail['kind'], stored: readonly Trail[], told: readonly TrailStep[]): Trail {
  const steps = told.flatMap(({ limit }) => (limit.kind === kind ? [limit] : []));
  const known = stored.find((trail) => trail.kind === kind) ?? { kind, unit: steps[0]?.unit ?? '', steps: [] };
  return steps.length > known.steps.length ? { ...known, steps } : known;
}

/** All of it over time: what was stored, and what came since the page was opened. */
function SessionChart({
  target,
  runs,
  course,
}: {
  target: string;
  runs: readonly ScenarioRow[];
  course: SessionCourse;
}) {
  const told = useLive(({ state }) => state.views[target]?.points);
  const past = useMemo(() => pointsOfCourse(course.points), [course]);
  const ours = useMemo(() => new Set(runs.map((run) => run.id)), [runs]);
  const points = useMemo(() => {
    const newest = past.at(-1)?.atMs ?? 0;
    return [...past, ...(told ?? []).filter(({ scenarioId, atMs }) => ours.has(scenarioId) && atMs > newest)];
  }, [past, told, ours]);
  if (points.length === 0) return null;
  return <MetricsChart points={points} show="all" objectiveMs={strictestMs(runs[0]?.parameters.objectives ?? [])} />;
}
