import type { Metadata } from 'next';
import { askApi, caller } from '../../ask-api';
import { MOST_SESSIONS } from '../../live/snapshot';
import { Gate } from '../../panels/gate';
import { SessionList } from '../../panels/session-list';

export const metadata: Metadata = { title: 'Sessions' };

interface Props {
  /** `after` is where the page before ended. */
  searchParams: Promise<{ after?: string | string[] }>;
}

/** The history of sessions, newest first, page by page. */
export default async function Page({ searchParams }: Props) {
  const [after] = [(await searchParams).after].flat();
  const query = { limit: MOST_SESSIONS, ...(after === undefined ? {} : { after }) };
  const asked = await askApi((client) => client.call('listSessions', { query }));
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  return <SessionList loaded={asked.answer} isFirst={after === undefined} />;
}
