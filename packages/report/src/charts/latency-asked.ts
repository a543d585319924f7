import { parseObjective, strictestLatencyMs, type Objective } from '@hive/contract';

/** The strictest latency of any percentile objective, ms; null without one. What this version cannot read is passed over. */
export function latencyAsked(objectives: readonly string[]): number | null {
  return strictestLatencyMs(objectives.flatMap(read));
}

function read(expression: string): Objective[] {
  try {
    return [parseObjective(expression)];
  } catch {
    return [];
  }
}
