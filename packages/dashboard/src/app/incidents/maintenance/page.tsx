import type { Metadata } from 'next';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { MaintenancePage } from '../../../panels/incidents/maintenance-page';

export const metadata: Metadata = { title: 'Maintenance' };

/** When nothing is opened. */
export default async function Page() {
  const asked = await askApi((client) => client.call('listMaintenance'));
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  return <MaintenancePage loaded={asked.answer} />;
}
