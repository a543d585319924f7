import { fileURLToPath } from 'node:url';
import { HiveError } from '@hive/contract';
import { startChild, type Child } from './child.js';

const HIVE = fileURLToPath(new URL('../../bin/hive.js', import.meta.url));

/** Where the practice target of `hive up --demo` answers, as `hive practice --json` prints it. */
export interface PracticePlace {
  /** The first node. */
  url: string;
  nodes: { url: string; id: string }[];
  pid: number;
  dependency: string | null;
  /** HTTP API of the fault proxy before the dependency. */
  faultProxy: string | null;
}

interface ChildNeeds {
  env: NodeJS.ProcessEnv;
  /** Is handed the process at once, so that it can be ended while it still starts. */
  adopt: (child: Child) => Child;
}

/**
 * Starts the practice target of `hive up --demo` in a process of its own, on free ports, and returns where it is once it listens.
 * @throws HiveError `internal` with its last words when it ends first.
 */
export async function startDemoChild({ env, adopt }: ChildNeeds): Promise<PracticePlace> {
  const options = ['practice', '--demo', '--port', '0', '--json', '--quiet'];
  const child = adopt(startChild(HIVE, options, { env }));
  const line = await child.firstLine;
  if (line !== null) return JSON.parse(line) as PracticePlace;
  const { lastWords } = await child.ended;
  throw new HiveError('internal', `the practice target could not start: ${lastWords}`);
}
