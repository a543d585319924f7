import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { TargetPage } from '../../../panels/target/target-page';

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).id) };
}

/** One target: what it can take, why, and since when. */
export default async function Page({ params }: Props) {
  const id = decodeURIComponent((await params).id);
  const asked = await askApi(async (client) => {
    const [target, { limits, traffic }, analytics, checks] = await Promise.all([
      client.call('getTarget', { params: { id } }),
      client.call('targetLimits', { params: { id } }),
      client.call('performanceAnalytics', { query: { target: id } }),
      client.call('listChecks', { query: { target: id, limit: 1 } }),
    ]);
    return { target, limits, traffic, analytics, checks };
  });
  if ('answer' in asked) return <TargetPage key={id} loaded={asked.answer} />;
  if (asked.refusal.code === 'not_found') notFound();
  return <Gate refusal={asked.refusal} {...await caller()} />;
}
