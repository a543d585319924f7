'use client';

import type { Incident, IncidentDetail } from '@hive/contract';
import Link from 'next/link';
import { useMay } from '../../live/me';
import { useApi } from '../../live/use-api';
import { Moment } from '../../ui/moment';
import { Between } from './between';
import { ChecksPicture } from './checks-picture';
import { FailedParts } from './failed-parts';
import { IncidentActions } from './incident-actions';
import { IncidentBadges } from './incident-badges';
import { IsItReal } from './is-it-real';
import { Runbook } from './runbook';
import { useLasted } from './say-incident';
import { MessagesSent } from './messages-sent';
import { OtherIncidents, WhoHasIt } from './who-has-it';

const LINK = 'rounded font-medium text-honey-ink underline underline-offset-4';

/** One incident, in the order in which it is asked about at night. */
export function IncidentPage({ loaded }: { loaded: IncidentDetail }) {
  const { id } = loaded.incident;
  const { data: detail = loaded } = useApi('getIncident', { params: { id } }, { loaded });
  const { incident, earlier, together, runbook } = detail;
  const hasTarget = incident.target !== null;
  return (
    <div className="mx-auto grid max-w-6xl grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="lg:col-span-2">
        <Sentence incident={incident} />
      </div>
      <div className="grid min-w-0 grid-cols-1 content-start gap-4">
        <IsItReal detail={detail} />
        {hasTarget ? <ChecksPicture detail={detail} /> : null}
        {hasTarget ? <Between detail={detail} /> : null}
        <FailedParts detail={detail} />
        <WhoHasIt detail={detail} />
        <MessagesSent deliveries={detail.deliveries} />
        <OtherIncidents label="Opened with it" incidents={together} />
        <OtherIncidents label="Earlier ones of this rule" incidents={earlier} />
      </div>
      <div id="actions" className="grid min-w-0 scroll-mt-20 grid-cols-1 content-start gap-4">
        {runbook === null ? null : <Runbook text={runbook} />}
        <IncidentActions detail={detail} />
      </div>
    </div>
  );
}

/** What is wrong, since when, and how far to trust that. */
function Sentence({ incident }: { incident: Incident }) {
  const { target, summary, rule, since, closedAt, observed, allowed, trust } = incident;
  const lasted = useLasted(incident);
  const mayRun = useMay('run');
  const facts = [
    observed === null ? null : `observed ${observed}`,
    allowed === null ? null : `allowed ${allowed}`,
    trust,
  ].filter((fact) => fact !== null);
  return (
    <header className="grid gap-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-soft">
        <Link href="/incidents" className={LINK}>
          Incidents
        </Link>
        <IncidentBadges incident={incident} />
        {mayRun ? (
          <a href="#actions" className={`${LINK} lg:hidden`}>
            To the buttons
          </a>
        ) : null}
      </p>
      <h1 className="text-xl font-semibold tracking-tight text-pretty sm:text-2xl [overflow-wrap:anywhere]">
        {target === null ? 'Hive' : <TargetLink target={target} />}: {summary}
      </h1>
      <p className="text-pretty">
        {closedAt === null ? 'Since ' : 'From '}
        <Moment at={since} withDate />
        {closedAt === null ? null : (
          <>
            {' to '}
            <Moment at={closedAt} withDate />
          </>
        )}
        {lasted === null ? '' : ` (${lasted})`} · {rule}
      </p>
      {facts.length === 0 ? null : (
        <p className="text-sm text-pretty text-ink-soft first-letter:uppercase">{facts.join(' · ')}</p>
      )}
    </header>
  );
}

function TargetLink({ target }: { target: string }) {
  return (
    <Link href={`/targets/${encodeURIComponent(target)}`} className="rounded underline-offset-4 hover:underline">
      {target}
    </Link>
  );
}
