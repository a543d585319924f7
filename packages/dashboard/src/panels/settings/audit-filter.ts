import type { RouteInput } from '@hive/contract';

/** The filters of the audit, as `GET /api/audit` names them. */
export type AuditFilter = Omit<NonNullable<RouteInput<'listAudit'>['query']>, 'after' | 'limit' | 'format'>;

const NAMES = ['who', 'action', 'outcome', 'from', 'to', 'after'] as const;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** What an address asks for, days as whole days in UTC. The API refuses what it does not know. */
export function auditFilterOf(
  address: Readonly<Record<string, string | string[] | undefined>>,
): AuditFilter & { after?: string } {
  const chosen = NAMES.flatMap((name) => {
    const [value] = [address[name]].flat();
    if (value === undefined || value === '') return [];
    const isDay = (name === 'from' || name === 'to') && DAY.test(value);
    return [[name, isDay ? `${value}T${name === 'from' ? '00:00:00.000' : '23:59:59.999'}Z` : value]];
  });
  return Object.fromEntries(chosen) as AuditFilter & { after?: string };
}

/** The address of the list with these filters. */
export function auditAddress(filter: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined && value !== '') query.set(name, value);
  return query.size === 0 ? '/settings/audit' : `/settings/audit?${query.toString()}`;
}
