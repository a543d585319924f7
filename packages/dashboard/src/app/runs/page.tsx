import type { Metadata } from 'next';
import { askApi, caller } from '../../ask-api';
import { Gate } from '../../panels/gate';
import { RunsList } from '../../panels/runs/runs-list';
import { filterOf } from '../../panels/runs/runs-filter';
import { shownRun } from '../../panels/runs/shown-run';

export const metadata: Metadata = { title: 'Runs' };

/** As many rows as one page shows; the others are on the pages after it. */
const PAGE_ROWS = 100;

interface Props {
  /** The filters of `GET /api/scenarios`; `after` is where the page before ended. */
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** All runs, newest first, filtered by the API. The address holds the filters. */
export default async function Page({ searchParams }: Props) {
  const { after, ...filter } = filterOf(await searchParams);
  const asked = await askApi(async (client) => {
    const [{ scenarios, next }, counts] = await Promise.all([
      client.call('listScenarios', {
        query: { ...filter, ...(after === undefined ? {} : { after }), limit: PAGE_ROWS },
      }),
      client.call('countScenarios', { query: filter }),
    ]);
    return { list: { runs: scenarios.map(shownRun), next }, counts };
  });
  if ('answer' in asked) return <RunsList {...asked.answer} filter={filter} after={after ?? null} refused={null} />;
  const { code, message } = asked.refusal;
  if (code !== 'validation') return <Gate refusal={asked.refusal} {...await caller()} />;
  return <RunsList list={null} counts={null} filter={filter} after={null} refused={message} />;
}
