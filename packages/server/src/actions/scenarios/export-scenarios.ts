import type { ScenarioRow } from '@hive/contract';
import { runsAsCsv } from '@hive/report';
import { demand } from '../../identity/principal.js';
import type { ScenarioFilter, Store } from '../../store/store.js';
import type { Verb } from '../verb.js';
import type { ReportFile } from '../training/report-session.js';

/** Runs read at once. */
const PAGE = 500;

/** All runs that fit, as a file. */
export interface ExportedRuns {
  filter: Omit<ScenarioFilter, 'after' | 'limit'>;
  format: 'csv' | 'json';
}

/** A file of all scenarios that fit a filter, newest first, read as it is sent. */
export function exportScenarios(store: Store): Verb<ExportedRuns, ReportFile> {
  return async (actor, { filter, format }) => {
    demand(actor, 'read');
    const pages = await begun(pagesOf(store, filter));
    return format === 'csv'
      ? { name: 'hive-runs.csv', mediaType: 'text/csv; charset=utf-8', parts: runsAsCsv(pages) }
      : { name: 'hive-runs.json', mediaType: 'application/json', parts: asJson(pages) };
  };
}

async function* pagesOf(store: Store, filter: ExportedRuns['filter']): AsyncGenerator<ScenarioRow[]> {
  let after: string | undefined;
  do {
    const { rows, next } = await store.listScenarios({ ...filter, after, limit: PAGE });
    yield rows;
    after = next ?? undefined;
  } while (after !== undefined);
}

/** With the first page read: a filter that is refused is an error, and not a file that breaks off. */
async function begun(pages: AsyncGenerator<ScenarioRow[]>): Promise<AsyncIterable<ScenarioRow[]>> {
  const first = await pages.next();
  return (async function* () {
    if (first.done === true) return;
    yield first.value;
    yield* pages;
  })();
}

async function* asJson(pages: AsyncIterable<ScenarioRow[]>): AsyncGenerator<string> {
  let between = '{"scenarios":[\n';
  for await (const rows of pages)
    for (const row of rows) {
      yield between + JSON.stringify(row);
      between = ',\n';
    }
  yield between === ',\n' ? '\n]}\n' : `${between}]}\n`;
}
