import type { Metadata } from 'next';
import { askApi, caller } from '../../ask-api';
import { ComparisonView } from '../../panels/compare/comparison-view';
import { Gate } from '../../panels/gate';

export const metadata: Metadata = { title: 'Compare' };

interface Props {
  /** `a` is the base and `b` what is held against it; or two of `session`, the older being the base. */
  searchParams: Promise<Record<'a' | 'b' | 'session', string | string[] | undefined>>;
}

/** Two sessions compared; without any the newest with the one before it. */
export default async function Page({ searchParams }: Props) {
  const { a, b, session } = await searchParams;
  const chosen = [session].flat().filter((id) => id !== undefined);
  const asked = await askApi(async (client) => {
    const rows = await Promise.all(chosen.slice(0, 2).map((id) => client.call('getSession', { params: { id } })));
    const [older, newer] = rows.toSorted((one, other) => one.started_at.localeCompare(other.started_at));
    const baseId = newer === undefined ? [a].flat()[0] : older?.id;
    const candidateId = newer?.id ?? older?.id ?? [b].flat()[0];
    const query = {
      ...(baseId === undefined ? {} : { a: baseId }),
      ...(candidateId === undefined ? {} : { b: candidateId }),
    };
    const comparison = await client.call('compareSessions', { query });
    const { sessions } = comparison;
    const [base, candidate] = await Promise.all(
      [sessions.base, sessions.candidate].map((id) => client.call('getSession', { params: { id } })),
    );
    return { comparison, base: base!, candidate: candidate! };
  });
  if ('answer' in asked) return <ComparisonView {...asked.answer} />;
  if (asked.refusal.code === 'not_found') return <ComparisonView refused={asked.refusal.message} />;
  return <Gate refusal={asked.refusal} {...await caller()} />;
}
