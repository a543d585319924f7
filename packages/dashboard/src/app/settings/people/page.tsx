import type { Metadata } from 'next';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { PeoplePage } from '../../../panels/settings/people-page';

export const metadata: Metadata = { title: 'People' };

/** Who may sign in, and what they may do. */
export default async function Page() {
  const asked = await askApi((client) => client.call('listUsers'));
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  return <PeoplePage loaded={asked.answer} />;
}
