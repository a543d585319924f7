import type { Metadata } from 'next';
import { askApi, caller } from '../../ask-api';
import { Gate } from '../../panels/gate';
import { closedQuery, incidentsFilterOf, openQuery } from '../../panels/incidents/incidents-filter';
import { IncidentsPage } from '../../panels/incidents/incidents-page';

export const metadata: Metadata = { title: 'Incidents' };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** What is wrong now, and what was. The address holds the filters. */
export default async function Page({ searchParams }: Props) {
  const filter = incidentsFilterOf(await searchParams);
  const asked = await askApi(async (client) => {
    const [open, closed] = await Promise.all([
      client.call('listIncidents', { query: openQuery(filter) }),
      client.call('listIncidents', { query: closedQuery(filter) }),
    ]);
    return { open, closed };
  });
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  return <IncidentsPage key={JSON.stringify(filter)} filter={filter} loaded={asked.answer} />;
}
