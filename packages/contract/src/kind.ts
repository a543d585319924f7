import { z } from 'zod';

/** The eight kinds of scenario, in the order they are shown everywhere. */
export const KINDS = [
  'concurrent_requests',
  'load_balancing',
  'resource_allocation',
  'fault_tolerance',
  'data_processing',
  'network_latency',
  'memory_optimization',
  'cache_efficiency',
] as const;

export const kindSchema = z.enum(KINDS);
/** One kind of scenario: which axis is pushed, and how it is judged. */
export type Kind = z.infer<typeof kindSchema>;

/** The unit of each kind's axis, as it is printed after a number. */
export const KIND_UNITS: Readonly<Record<Kind, string>> = {
  concurrent_requests: 'connections',
  load_balancing: 'requests/s',
  resource_allocation: 'requests/s',
  fault_tolerance: 'share',
  data_processing: 'bytes',
  network_latency: 'ms',
  memory_optimization: 'requests/s',
  cache_efficiency: 'keys',
};

export const DIFFICULTIES = ['easy', 'medium', 'hard', 'extreme'] as const;
export const difficultySchema = z.enum(DIFFICULTIES);
/** A place relative to the learned limit, never an absolute load. */
export type Difficulty = z.infer<typeof difficultySchema>;
