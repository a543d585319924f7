'use client';

import { sayIncident, sayMinutes, type Condition, type Incident } from '@hive/contract';
import { KIND_LABELS, KIND_UNITS } from '@hive/contract';
import { figure, quantity, say } from '../../ui/format';
import { useSayTime } from '../../ui/moment';
import { useClock } from '../../ui/use-clock';

const STEP_MS = 10_000;
const DAY_MS = 86_400_000;

/** Writes an incident as a sentence, on the reader's clock; how long it has lasted is told once that is known. */
export function useSayIncident(): (incident: Incident) => string {
  const now = useClock(STEP_MS);
  const sayShort = useSayTime(false);
  const sayLong = useSayTime(true);
  return (incident) => {
    const { target, summary, since, closedAt } = incident;
    const isOld = now === null || now - Date.parse(since) > DAY_MS;
    const sayTime = isOld ? sayLong : (at: string) => sayShort(at).slice(0, 5);
    if (now === null && closedAt === null) return `${target ?? 'Hive'}: ${summary}, since ${sayTime(since)}`;
    return sayIncident(incident, now ?? 0, sayTime);
  };
}

/** How long it has lasted, or lasted: `23 min`; null until the reader's clock is known. */
export function useLasted({ since, closedAt }: Incident): string | null {
  const now = useClock(STEP_MS);
  const end = closedAt === null ? now : Date.parse(closedAt);
  return end === null ? null : sayMinutes(end - Date.parse(since));
}

/** What a rule asks, in words. */
export function sayCondition(when: Condition): string {
  switch (when.type) {
    case 'checks':
      return `checks ${when.results.map((result) => (result === 'fail' ? 'fail' : 'are degraded')).join(' or ')}`;
    case 'limit':
      return `a session finds a safe ${KIND_LABELS[when.kind].label.toLowerCase()} below ${say(quantity(when.safeBelow, KIND_UNITS[when.kind]))}`;
    case 'worse':
      return 'a session is worse than the one before it';
    case 'headroom':
      return `the safe rate is less than ${figure(when.below)} × peak traffic`;
    case 'schedule':
      return when.schedule === undefined ? 'any scheduled run fails' : 'one scheduled run fails';
    case 'load_generators':
      return `a load generator${when.region === undefined ? '' : ` of ${when.region}`} is not heard for a minute`;
  }
}
