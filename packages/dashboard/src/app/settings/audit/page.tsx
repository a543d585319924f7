import type { Metadata } from 'next';
import { askApi, caller } from '../../../ask-api';
import { Gate } from '../../../panels/gate';
import { auditFilterOf } from '../../../panels/settings/audit-filter';
import { AuditPage } from '../../../panels/settings/audit-page';

export const metadata: Metadata = { title: 'Audit' };

const PAGE_ROWS = 50;

interface Props {
  /** The filters of `GET /api/audit`; `after` is where the page before ended. */
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Who did what. The address holds the filters. */
export default async function Page({ searchParams }: Props) {
  const { after, ...filter } = auditFilterOf(await searchParams);
  const asked = await askApi((client) =>
    client.call('listAudit', { query: { ...filter, ...(after === undefined ? {} : { after }), limit: PAGE_ROWS } }),
  );
  if ('answer' in asked) return <AuditPage list={asked.answer} filter={filter} after={after ?? null} refused={null} />;
  if (asked.refusal.code !== 'validation') return <Gate refusal={asked.refusal} {...await caller()} />;
  return <AuditPage list={null} filter={filter} after={null} refused={asked.refusal.message} />;
}
