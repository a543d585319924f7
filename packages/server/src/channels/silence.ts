import type { Incident, IncidentEvent } from '@hive/contract';
import type { StoredChannel } from '../store/store.js';
import { keepsOpen } from './routing.js';

interface Due {
  event: Pick<IncidentEvent, 'type'>;
  incident: Incident;
  /** Undefined: it was deleted. */
  channel: StoredChannel | undefined;
  nowMs: number;
}

/** Why a message is not sent after all; null: it is. Pure. */
export function whySilent({ event, incident, channel, nowMs }: Due): string | null {
  if (channel === undefined) return 'the channel was deleted';
  if (!channel.on) return 'the channel is turned off';
  const ends = event.type === 'closed' || event.type === 'acknowledged';
  const { mutedUntil, acknowledgedAt, acknowledgedBy, closedAt } = incident;
  if (mutedUntil !== null && Date.parse(mutedUntil) > nowMs && !(ends && keepsOpen(channel)))
    return `muted until ${mutedUntil}`;
  if (ends) return null;
  if (closedAt !== null) return 'it was over before this was sent';
  return acknowledgedAt === null ? null : `acknowledged by ${acknowledgedBy ?? 'somebody'}`;
}
