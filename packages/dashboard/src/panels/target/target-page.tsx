'use client';

import {
  BASE_KIND,
  defaultBudgetSeconds,
  type Analytics,
  type CheckHistory,
  type Headroom,
  type Kind,
  type Limit,
  type Target,
} from '@hive/contract';
import Link from 'next/link';
import { parseAsInteger, useQueryState } from 'nuqs';
import { useEffect } from 'react';
import type { FeedView } from '../../live/feed';
import { useFeed, useLive } from '../../live/feed-provider';
import { useMay } from '../../live/me';
import { standingOf, statusOfTarget } from '../../live/standing';
import { useApi } from '../../live/use-api';
import { Card } from '../../ui/card';
import { BusyBanner } from '../busy-banner';
import { LimitCard } from '../limit-card';
import { MetricsChart } from '../metrics-chart';
import { ProductionFrame } from '../production-frame';
import { RecentProblems } from '../recent-problems';
import { addressOf } from '../runs/runs-filter';
import { SessionHistory } from '../session-history';
import { StatusRow } from '../status-row';
import { TrainingControls } from '../training-controls';
import { TrainingProgress } from '../training-progress';
import { useActions } from '../use-actions';
import { Availability } from './availability';
import { CanItTake } from './can-it-take';
import { Curve, curveOf } from './curve';
import { Hero } from './hero';
import { KindTiles } from './kind-tiles';
import { LimitHistory } from './limit-history';
import { WhatIf } from './what-if';

const MOST_SESSIONS = 8;
const NONE: readonly never[] = [];

export interface TargetPageProps {
  /** As the server painted it. */
  loaded: { target: Target; limits: Limit[]; traffic: Headroom | null; analytics: Analytics; checks: CheckHistory };
}

/** One target: the answer first, then why, then everything that was done to find it. */
export function TargetPage({ loaded }: TargetPageProps) {
  const { id } = loaded.target;
  const feed = useFeed();
  const { connection, status, statusAtMs, sessions, targets, told, trail, ...view } = useLive(partsOf(id));
  const actions = useActions();
  useEffect(() => feed.follow(id), [feed, id]);
  const target = targets.find((known) => known.id === id) ?? loaded.target;
  const limits = view.limits ?? loaded.limits;
  const traffic = view.traffic ?? loaded.traffic;
  const { data: analytics } = useApi('performanceAnalytics', { query: { target: id } }, { loaded: loaded.analytics });
  const { data: askedFleet = null } = useApi('fleet', {});
  const fleet = told ?? askedFleet;
  const limit = limits.find(({ kind }) => kind === BASE_KIND);
  const [asked, setAsked] = useQueryState('at', parseAsInteger);
  const at = asked ?? (limit?.safe === null || limit === undefined ? null : Math.round(limit.safe));
  const stands = statusOfTarget(id, status, view.own?.[0]);
  const running = status.running && status.target === id;
  const mayRun = useMay('run');
  const mayMeasure = mayRun && !status.running && actions.doing === null;
  const measure = (kind: Kind): void =>
    actions.start({ target: id, kinds: [kind], budgetSeconds: defaultBudgetSeconds() });
  return (
    <ProductionFrame target={id}>
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 grid-cols-1 content-start gap-4">
          {status.machine === undefined ? null : (
            <BusyBanner machine={status.machine} onRunAnyway={actions.runAnyway} />
          )}
          <Hero target={target} limits={limits} traffic={traffic}>
            {null}
          </Hero>
          {running ? <LiveChart target={id} /> : null}
          {limit !== undefined && at !== null ? (
            <WhatIf target={id} limit={limit} at={at} onAt={(rate) => void setAsked(rate)} />
          ) : null}
          <Curve kind={curveOf(analytics)} limit={limit} objectives={target.objectives} at={at} />
          <LimitHistory kind={curveOf(analytics)} marks={view.marks ?? NONE} />
          {running || stands.session_id !== null ? <LiveStatus target={id} /> : null}
          <div id="kinds" className="min-w-0 scroll-mt-20">
            <KindTiles target={id} limits={limits} onMeasure={mayMeasure ? measure : undefined} />
          </div>
        </div>
        <div className="grid min-w-0 grid-cols-1 content-start gap-4">
          {mayRun ? (
            <TrainingControls
              targets={[target]}
              target={id}
              onTarget={feed.choose}
              limits={limits}
              status={status}
              last={stands}
              statusAtMs={statusAtMs}
              live={connection === 'live'}
              doing={actions.doing}
              onStart={actions.start}
              askPlan={actions.askPlan}
              onStop={actions.stop}
              onGenerate={(kinds) => actions.generate(id, kinds)}
              fleet={fleet}
              running={running ? sessions.find((session) => session.id === status.session_id) : undefined}
              addTarget={null}
            />
          ) : running ? (
            <Card label="Now">
              <TrainingProgress status={status} statusAtMs={statusAtMs} live={connection === 'live'} />
            </Card>
          ) : null}
          {mayRun ? <CanItTake target={target} limit={limit} /> : null}
          <LimitCard
            target={id}
            limits={limits.filter(({ kind }) => kind === BASE_KIND || (running && status.kinds.includes(kind)))}
            traffic={traffic}
            marks={view.marks ?? NONE}
            trail={trail ?? NONE}
            nextReason={running ? status.next_reason : null}
          />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-4 lg:col-span-2 2xl:grid-cols-2">
          <div className="min-w-0 2xl:col-span-2">
            <Availability target={id} loaded={loaded.checks} />
          </div>
          <RecentProblems
            scenarios={view.scenarios ?? NONE}
            runningId={status.current?.scenario_id ?? null}
            nothing={mayRun ? 'No run yet: press Find limit.' : 'No run yet.'}
            all={addressOf({ target: id })}
          />
          <SessionHistory
            title={`Sessions of ${id}`}
            aside={
              <Link
                href="/sessions"
                className="rounded text-xs font-medium text-honey-ink underline underline-offset-4"
              >
                All sessions
              </Link>
            }
            sessions={(view.own ?? NONE).slice(0, MOST_SESSIONS)}
            status={status}
          />
        </div>
      </div>
    </ProductionFrame>
  );
}

/** What the page shows of the feed, but what moves several times a second: that is drawn by itself. */
function partsOf(id: string) {
  return ({ connection, state }: FeedView) => {
    const { limits, traffic, marks, scenarios, sessions: own } = state.views[id] ?? {};
    const { status, statusAtMs, sessions, targets, fleet: told } = state;
    const trail = state.trails[id];
    return { connection, status, statusAtMs, sessions, targets, told, trail, limits, traffic, marks, scenarios, own };
  };
}

function LiveChart({ target }: { target: string }) {
  return <MetricsChart points={useLive(({ state }) => state.views[target]?.points ?? NONE)} />;
}

function LiveStatus({ target }: { target: string }) {
  const told = useLive(({ state: { status, views, newest } }) => ({ status, views, newest }));
  return <StatusRow standing={standingOf(told, target)} />;
}
