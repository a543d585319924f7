import { parseObjective, strictestLatencyMs, type Objective } from '@hive/contract';

/** The response time that the strictest of these objectives allows, ms; null: none is about the response times of all requests. */
export function strictestMs(objectives: readonly string[]): number | null {
  return strictestLatencyMs(objectives.flatMap(readObjective));
}

/** None, where it cannot be read. */
function readObjective(text: string): Objective[] {
  try {
    return [parseObjective(text)];
  } catch {
    return [];
  }
}
