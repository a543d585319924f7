import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { RunDetail } from '../../../panels/runs/run-detail';

export const metadata: Metadata = { title: 'Run' };

interface Props {
  params: Promise<{ id: string }>;
}

/** One run: its verdict, then its figures, then its charts. */
export default async function Page({ params }: Props) {
  const id = decodeURIComponent((await params).id);
  const asked = await askApi(async (client) => {
    const [run, heatmap] = await Promise.all([
      client.call('getScenario', { params: { id } }),
      client.call('scenarioHeatmap', { params: { id } }),
    ]);
    return { run, heatmap };
  });
  if ('answer' in asked) return <RunDetail {...asked.answer} />;
  if (asked.refusal.code === 'not_found') notFound();
  return <Gate refusal={asked.refusal} {...await caller()} />;
}
