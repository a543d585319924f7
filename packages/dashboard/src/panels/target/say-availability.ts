import type { CheckHistory } from '@hive/contract';
import { figure, percent, plural } from '../../ui/format';

const SOON_DAYS = 21;

/** Uptime, what is left of the error budget and how fast it goes, and the certificate, in sentences. */
export function sayAvailability({ uptime, budget, checks }: CheckHistory): string {
  const days = checks[0]?.certificateDays ?? null;
  return [
    uptime === null ? 'No check of 30 days was usable.' : `It answered ${percent(uptime)} of the checks in 30 days.`,
    budget === null ? null : sayBudget(budget),
    days === null ? null : sayCertificate(days),
  ]
    .filter((text) => text !== null)
    .join(' ');
}

function sayBudget({ objective, leftShare, burnRate }: NonNullable<CheckHistory['budget']>): string {
  const left =
    leftShare < 0
      ? `The error budget of ${objective} is overspent: ${figure(1 - leftShare)} times what it allows failed`
      : `${percent(Math.round(leftShare * 1_000) / 1_000)} of the error budget of ${objective} is left`;
  if (burnRate === null) return `${left}.`;
  const spent = burnRate === 0 ? 'nothing of it' : `it ${figure(burnRate)} times as fast as it lasts`;
  return `${left}; the last 6 hours spent ${spent}.`;
}

function sayCertificate(days: number): string {
  if (days < 0) return 'Its certificate has ended.';
  return `Its certificate ends in ${plural(days, 'day')}${days <= SOON_DAYS ? ': renew it' : ''}.`;
}
