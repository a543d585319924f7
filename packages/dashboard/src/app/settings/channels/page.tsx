import type { Metadata } from 'next';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { ChannelsPage } from '../../../panels/settings/channels-page';

export const metadata: Metadata = { title: 'Channels' };

/** Where messages about incidents go. */
export default async function Page() {
  const asked = await askApi(async (client) => {
    const [channels, secrets] = await Promise.all([client.call('listChannels'), client.call('listSecrets')]);
    return { channels, secrets };
  });
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  return <ChannelsPage loaded={asked.answer} />;
}
