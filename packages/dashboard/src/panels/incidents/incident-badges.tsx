'use client';

import type { Incident } from '@hive/contract';
import { Badge } from '../../ui/badge';
import { Moment } from '../../ui/moment';
import { useClock } from '../../ui/use-clock';

const STEP_MS = 10_000;

/** How an incident stands: open or closed, how urgent it is, and whether somebody has it. */
export function IncidentBadges({ incident }: { incident: Incident }) {
  const { status, severity, flapping, acknowledgedAt, mutedUntil } = incident;
  const now = useClock(STEP_MS);
  const isOpen = status === 'open';
  const isMuted = isOpen && mutedUntil !== null && now !== null && Date.parse(mutedUntil) > now;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Badge tone={isOpen ? 'bad' : 'good'}>{status}</Badge>
      <Badge
        tone={severity === 'page' && isOpen ? 'bad' : 'plain'}
        title={severity === 'page' ? 'Somebody must look now' : 'Somebody must look on a working day'}
      >
        {severity}
      </Badge>
      {flapping ? <Badge tone="honey">comes and goes</Badge> : null}
      {isOpen && acknowledgedAt !== null ? <Badge tone="info">acknowledged</Badge> : null}
      {isMuted ? (
        <Badge>
          muted until <Moment at={mutedUntil} />
        </Badge>
      ) : null}
    </span>
  );
}
