import type { Metadata } from 'next';
import { askApi, caller } from '../../ask-api';
import { Gate } from '../../panels/gate';
import { SettingsPage } from '../../panels/settings/settings-page';

export const metadata: Metadata = { title: 'Settings' };

/** How the dashboard looks, and what is stored. */
export default async function Page() {
  const asked = await askApi((client) => client.call('storage'));
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  return <SettingsPage loaded={asked.answer} />;
}
