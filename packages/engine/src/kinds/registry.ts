import type { Kind } from '@hive/contract';
import type { KindDefinition } from './kind.js';
import { cacheEfficiency } from './cache-efficiency/plan.js';
import { concurrentRequests } from './concurrent-requests/plan.js';
import { dataProcessing } from './data-processing/plan.js';
import { faultTolerance } from './fault-tolerance/plan.js';
import { loadBalancing } from './load-balancing/plan.js';
import { memoryOptimization } from './memory-optimization/plan.js';
import { networkLatency } from './network-latency/plan.js';
import { resourceAllocation } from './resource-allocation/plan.js';

const DEFINITIONS: Readonly<Record<Kind, KindDefinition>> = {
  concurrent_requests: concurrentRequests,
  load_balancing: loadBalancing,
  resource_allocation: resourceAllocation,
  fault_tolerance: faultTolerance,
  data_processing: dataProcessing,
  network_latency: networkLatency,
  memory_optimization: memoryOptimization,
  cache_efficiency: cacheEfficiency,
};

/** Everything that the generator and the learner must know about a kind. */
export function kindDefinition(kind: Kind): KindDefinition {
  return DEFINITIONS[kind];
}

/** The kind whose axis a plain open or closed run pushes. */
export function kindOfPlainRun(model: 'open' | 'closed'): Kind {
  return Object.values(DEFINITIONS).find(({ plainRun }) => plainRun === model)!.kind;
}
