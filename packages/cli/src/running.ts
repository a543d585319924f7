import { createClient, HiveError, toHiveError, type Client, type ScenarioRow } from '@hive/contract';
import type { CliConfig } from './config.js';

const PAGE = 500;

/** Talks to a running Hive, with the token of the environment. */
export function clientOf(url: string, { environment }: CliConfig): Client {
  const token = environment['HIVE_TOKEN'];
  return createClient({ baseUrl: url, ...(token ? { token } : {}) });
}

/** The rows of a target's scenarios, oldest first. */
export async function executed(client: Client, target: string): Promise<ScenarioRow[]> {
  const rows: ScenarioRow[] = [];
  let after: string | undefined;
  do {
    const page = await client.call('listScenarios', { query: { target, limit: PAGE, after } });
    rows.push(...page.scenarios);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return rows.toReversed();
}

/** Who holds the data directory, when that is what an error says. */
export function holderOf(error: unknown): { pid: number; url: string | null } | null {
  if (!(error instanceof HiveError) || error.code !== 'data_directory') return null;
  const { pid, url } = error.details ?? {};
  return typeof pid === 'number' ? { pid, url: typeof url === 'string' ? url : null } : null;
}

/** What went wrong, in a sentence. */
export function why(error: unknown): string {
  return toHiveError(error).message;
}
