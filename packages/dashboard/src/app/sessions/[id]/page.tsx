import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { SessionReport } from '../../../panels/session-report';

export const metadata: Metadata = { title: 'Session' };

interface Props {
  params: Promise<{ id: string }>;
}

/** One session, running or finished. */
export default async function Page({ params }: Props) {
  const { id } = await params;
  const session = { params: { id: decodeURIComponent(id) } };
  const asked = await askApi(async (client) => {
    const [loaded, course] = await Promise.all([
      client.call('getSession', session),
      client.call('sessionCourse', session),
    ]);
    return { loaded, course };
  });
  if ('answer' in asked) return <SessionReport key={id} {...asked.answer} />;
  if (asked.refusal.code === 'not_found') notFound();
  return <Gate refusal={asked.refusal} {...await caller()} />;
}
