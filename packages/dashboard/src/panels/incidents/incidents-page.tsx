'use client';

import type { Incident, RouteOutput } from '@hive/contract';
import Link from 'next/link';
import { useLive } from '../../live/feed-provider';
import { useApi } from '../../live/use-api';
import { Card, Nothing } from '../../ui/card';
import { Label, Select } from '../../ui/field';
import { FilterDays, FilterForm } from '../../ui/filter-form';
import { plural } from '../../ui/format';
import { IncidentParts } from './incident-parts';
import { IncidentRow } from './incident-row';
import { closedQuery, incidentsAddress, MOST_CLOSED, openQuery, type IncidentsFilter } from './incidents-filter';

type List = RouteOutput<'listIncidents'>;

const LINK = 'rounded font-medium text-honey-ink underline underline-offset-4';

/** What is wrong now, first; below it what was. */
export function IncidentsPage(props: { filter: IncidentsFilter; loaded: { open: List; closed: List } }) {
  const { filter, loaded } = props;
  const { data: open = loaded.open } = useApi('listIncidents', { query: openQuery(filter) }, { loaded: loaded.open });
  const { data: closed = loaded.closed } = useApi(
    'listIncidents',
    { query: closedQuery(filter) },
    { loaded: loaded.closed },
  );
  const last = closed.incidents.at(-1);
  const isCut = closed.incidents.length === MOST_CLOSED && last !== undefined;
  return (
    <div className="mx-auto grid max-w-5xl gap-4">
      <IncidentParts title="Incidents" />
      <p className="text-pretty">{sayOpen(open.incidents, filter)}</p>
      {open.incidents.length === 0 ? null : (
        <Card label="Open incidents" title={`${open.incidents.length} open`}>
          <Rows incidents={open.incidents} />
        </Card>
      )}
      <Filters filter={filter} />
      <Card label="Closed incidents" title="Closed">
        {closed.incidents.length === 0 ? (
          <Nothing>No closed incident fits.</Nothing>
        ) : (
          <Rows incidents={closed.incidents} />
        )}
      </Card>
      {isCut ? (
        <nav aria-label="Pages of incidents" className="text-sm">
          <Link href={incidentsAddress({ ...filter, to: before(last) })} prefetch={false} className={LINK}>
            Older incidents
          </Link>
        </nav>
      ) : null}
    </div>
  );
}

/** What was opened before this one. */
function before({ openedAt }: Incident): string {
  return new Date(Date.parse(openedAt) - 1).toISOString();
}

function Rows({ incidents }: { incidents: readonly Incident[] }) {
  return (
    <ul className="-my-1 divide-y divide-line">
      {incidents.map((incident) => (
        <IncidentRow key={incident.id} incident={incident} />
      ))}
    </ul>
  );
}

function sayOpen(open: readonly Incident[], { target }: IncidentsFilter): string {
  const of = target === undefined ? '' : ` for ${target}`;
  if (open.length === 0) return `No incident is open${of}.`;
  return `${plural(open.length, 'incident')} ${open.length === 1 ? 'is' : 'are'} open${of}. ${sayFree(open)}`;
}

/** How many of them nobody looks after. */
function sayFree(open: readonly Incident[]): string {
  const free = open.filter(({ acknowledgedAt }) => acknowledgedAt === null).length;
  if (free === 0) return open.length === 1 ? 'Somebody has it.' : 'Somebody has each of them.';
  if (free < open.length) return `Nobody has acknowledged ${free} of them.`;
  return `Nobody has acknowledged ${free === 1 ? 'it' : 'any of them'}.`;
}

/** The address holds what is chosen; the days are of those that are closed. */
function Filters({ filter }: { filter: IncidentsFilter }) {
  const targets = useLive(({ state }) => state.targets).map(({ id }) => id);
  const known = filter.target === undefined || targets.includes(filter.target) ? targets : [filter.target, ...targets];
  return (
    <FilterForm action="/incidents" label="Filter incidents" columns="grid-cols-2 sm:grid-cols-4">
      <div className="col-span-2 min-w-0 sm:col-span-1">
        <Label htmlFor="incidents-target">Target</Label>
        <Select id="incidents-target" name="target" defaultValue={filter.target ?? ''}>
          <option value="">all</option>
          {known.map((id) => (
            <option key={id}>{id}</option>
          ))}
        </Select>
      </div>
      <FilterDays of="incidents" fromLabel="Closed ones from (UTC)" from={filter.from} to={filter.to} />
    </FilterForm>
  );
}
