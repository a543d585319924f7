import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, toHiveError, type Client, type ScenarioRow } from '@hive/contract';
import type { CliConfig } from './config.js';

const PAGE = 500;

/** Talks to a running Hive, with the token of the environment, else with the one that it left in its data directory. */
export function clientOf(url: string, { token }: Pick<CliConfig, 'token'>, dataDirectory: string): Client {
  const shown = token ?? localToken(url, dataDirectory);
  return createClient({ baseUrl: url, ...(shown === null ? {} : { token: shown }) });
}

/** Who can read it is an admin of that Hive, and of no other: its token goes to no other address. */
function localToken(url: string, dataDirectory: string): string | null {
  try {
    const left = JSON.parse(readFileSync(join(dataDirectory, 'local-admin'), 'utf8')) as {
      url?: string;
      token?: string;
    };
    return left.url === url ? (left.token ?? null) : null;
  } catch {
    return null;
  }
}

/** The rows of a target's scenarios, oldest first. */
export async function executed(client: Client, target: string): Promise<ScenarioRow[]> {
  return (await scenariosOf(client, { target })).toReversed();
}

/** All rows of scenarios that fit, newest first; `after`: the older ones. */
export async function scenariosOf(
  client: Client,
  { after, ...of }: { target?: string; session?: string; after?: string | undefined },
): Promise<ScenarioRow[]> {
  const rows: ScenarioRow[] = [];
  let next = after;
  do {
    const page = await client.call('listScenarios', { query: { ...of, limit: PAGE, after: next } });
    rows.push(...page.scenarios);
    next = page.next ?? undefined;
  } while (next !== undefined);
  return rows;
}

/** What went wrong, in a sentence. */
export function why(error: unknown): string {
  return toHiveError(error).message;
}
