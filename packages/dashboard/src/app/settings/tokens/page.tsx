import type { Metadata } from 'next';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { TokensPage } from '../../../panels/settings/tokens-page';

export const metadata: Metadata = { title: 'Tokens' };

/** What programs sign in with. */
export default async function Page() {
  const asked = await askApi((client) => client.call('listTokens'));
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  return <TokensPage loaded={asked.answer} />;
}
