import type { Metadata } from 'next';
import { askApi, caller } from '../../ask-api';
import { FleetPage } from '../../panels/fleet/fleet-page';
import { Gate } from '../../panels/gate';

export const metadata: Metadata = { title: 'Load generators' };

/** The load generators on other machines. */
export default async function Page() {
  const asked = await askApi((client) => client.call('fleet'));
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  return <FleetPage loaded={asked.answer} />;
}
