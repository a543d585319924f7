'use client';

import type { Incident } from '@hive/contract';
import Link from 'next/link';
import { IncidentBadges } from './incident-badges';
import { useSayIncident } from './say-incident';

/** One incident in a list: the sentence, and how it stands. */
export function IncidentRow({ incident }: { incident: Incident }) {
  const sayIncident = useSayIncident();
  const { id, rule, acknowledgedBy } = incident;
  return (
    <li className="grid gap-1 py-3">
      <Link
        href={`/incidents/${encodeURIComponent(id)}`}
        prefetch={false}
        className="rounded font-medium text-pretty underline-offset-4 hover:underline [overflow-wrap:anywhere]"
      >
        {sayIncident(incident)}
      </Link>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-soft">
        <IncidentBadges incident={incident} />
        <span>
          {rule}
          {acknowledgedBy === null ? '' : ` · ${acknowledgedBy} has it`}
        </span>
      </p>
    </li>
  );
}
