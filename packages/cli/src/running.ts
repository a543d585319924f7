import { createClient, toHiveError, type Client, type ScenarioRow } from '@hive/contract';
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

/** What went wrong, in a sentence. */
export function why(error: unknown): string {
  return toHiveError(error).message;
}
