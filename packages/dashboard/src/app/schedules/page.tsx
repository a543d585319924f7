import type { Metadata } from 'next';
import { askApi, caller } from '../../ask-api';
import { Gate } from '../../panels/gate';
import { SchedulesPage } from '../../panels/schedules/schedules-page';

export const metadata: Metadata = { title: 'Schedules' };

/** What Hive does by itself, again and again. */
export default async function Page() {
  const asked = await askApi((client) => client.call('listSchedules'));
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  return <SchedulesPage loaded={asked.answer} />;
}
