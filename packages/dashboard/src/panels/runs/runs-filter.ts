import type { ScenariosFilter } from '@hive/contract';

/** The filters that an address may hold, as `GET /api/scenarios` names them. */
const NAMES = ['kind', 'difficulty', 'verdict', 'validity', 'target', 'session', 'from', 'to', 'text'] as const;

/** What an address asks for, with the place where its page begins. What is empty is left out; the API refuses what it does not know. */
export function filterOf(
  address: Readonly<Record<string, string | string[] | undefined>>,
): ScenariosFilter & { after?: string } {
  const chosen = ['after', ...NAMES].flatMap((name) => {
    const [value] = [address[name]].flat();
    return value === undefined || value === '' ? [] : [[name, isDay(name, value) ? atDay(name, value) : value]];
  });
  return Object.fromEntries(chosen) as ScenariosFilter & { after?: string };
}

/** The address of the list with these filters. */
export function addressOf(filter: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined && value !== '') query.set(name, value);
  return query.size === 0 ? '/runs' : `/runs?${query.toString()}`;
}

function isDay(name: string, value: string): boolean {
  return (name === 'from' || name === 'to') && /^\d{4}-\d\d-\d\d$/.test(value);
}

/** A whole day in UTC: from its beginning, or to its end. */
function atDay(name: string, day: string): string {
  return `${day}T${name === 'from' ? '00:00:00.000' : '23:59:59.999'}Z`;
}
