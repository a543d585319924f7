import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { IncidentPage } from '../../../panels/incidents/incident-page';

export const metadata: Metadata = { title: 'Incident' };

interface Props {
  params: Promise<{ id: string }>;
}

/** One incident, with everything that helps to judge it. */
export default async function Page({ params }: Props) {
  const { id } = await params;
  const asked = await askApi((client) => client.call('getIncident', { params: { id } }));
  if ('answer' in asked) return <IncidentPage key={id} loaded={asked.answer} />;
  if (asked.refusal.code === 'not_found') notFound();
  return <Gate refusal={asked.refusal} {...await caller()} />;
}
