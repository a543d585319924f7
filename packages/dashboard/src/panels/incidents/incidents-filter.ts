/** What the list of incidents is narrowed to; the times are of their opening. */
export interface IncidentsFilter {
  target?: string;
  from?: string;
  to?: string;
}

const MOST_OPEN = 200;
/** As many as are shown of those that are over. */
export const MOST_CLOSED = 50;
const NAMES = ['target', 'from', 'to'] as const;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** What an address asks for. What cannot be a time is left out. */
export function incidentsFilterOf(address: Readonly<Record<string, string | string[] | undefined>>): IncidentsFilter {
  const chosen = NAMES.flatMap((name) => {
    const [value] = [address[name]].flat();
    if (value === undefined || value === '') return [];
    if (name === 'target') return [[name, value]];
    const time = DAY.test(value) ? `${value}T${name === 'from' ? '00:00:00.000' : '23:59:59.999'}Z` : value;
    return Number.isNaN(Date.parse(time)) ? [] : [[name, new Date(time).toISOString()]];
  });
  return Object.fromEntries(chosen) as IncidentsFilter;
}

/** The address of the list with these filters. */
export function incidentsAddress(filter: IncidentsFilter): string {
  const query = new URLSearchParams(Object.entries(filter));
  return query.size === 0 ? '/incidents' : `/incidents?${query.toString()}`;
}

/** What is open is shown whenever it was opened. */
export function openQuery({ target }: IncidentsFilter) {
  return { status: 'open' as const, limit: MOST_OPEN, ...(target === undefined ? {} : { target }) };
}

export function closedQuery(filter: IncidentsFilter) {
  return { status: 'closed' as const, limit: MOST_CLOSED, ...filter };
}
