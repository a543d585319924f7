import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { AccountPage } from '../../../panels/settings/account-page';

export const metadata: Metadata = { title: 'Your account' };

/** Where who looks is signed in, and their password. */
export default async function Page() {
  const asked = await askApi(async (client) =>
    (await client.call('me')).mode === 'users' ? client.call('listOwnSessions') : null,
  );
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  // Nobody signs in here: there is no account to show.
  if (asked.answer === null) redirect('/settings');
  return <AccountPage loaded={asked.answer} />;
}
