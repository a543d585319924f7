import type { Metadata } from 'next';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { RulesPage } from '../../../panels/incidents/rules-page';

export const metadata: Metadata = { title: 'Rules' };

/** When incidents are opened. */
export default async function Page() {
  const asked = await askApi((client) => client.call('listRules'));
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  return <RulesPage loaded={asked.answer} />;
}
