import type { Kind } from '@hive/contract';
import type { KindDefinition } from './kind-definition.js';
import { cacheEfficiency } from './kinds/cache-efficiency.js';
import { concurrentRequests } from './kinds/concurrent-requests.js';
import { dataProcessing } from './kinds/data-processing.js';
import { faultTolerance } from './kinds/fault-tolerance.js';
import { loadBalancing } from './kinds/load-balancing.js';
import { memoryOptimization } from './kinds/memory-optimization.js';
import { networkLatency } from './kinds/network-latency.js';
import { resourceAllocation } from './kinds/resource-allocation.js';

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
