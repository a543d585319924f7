import { fileURLToPath } from 'node:url';
import { HiveError } from '@hive/contract';
import { startChild, type Child } from './child.js';

const HIVE = fileURLToPath(new URL('../../bin/hive.js', import.meta.url));

/**
 * Starts the practice target in a process of its own, on a free port, and returns its address once it listens. `adopt` is
 * handed the process at once, so that it can be ended while it still starts.
 * @throws HiveError `internal` with its last words when it ends first.
 */
export async function startPracticeChild(env: NodeJS.ProcessEnv, adopt: (child: Child) => Child): Promise<string> {
  const child = adopt(startChild(HIVE, ['practice', '--port', '0', '--json', '--quiet'], { env }));
  const line = await child.firstLine;
  if (line !== null) return (JSON.parse(line) as { url: string }).url;
  const { lastWords } = await child.ended;
  throw new HiveError('internal', `the practice target could not start: ${lastWords}`);
}
