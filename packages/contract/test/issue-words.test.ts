import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { ROUTES, startTrainingSchema, targetInputSchema } from '@hive/contract';

const KINDS =
  'concurrent_requests, load_balancing, resource_allocation, fault_tolerance, data_processing, network_latency, memory_optimization, cache_efficiency';
const url = 'http://127.0.0.1:1';

describe('what a schema objects to', () => {
  it.each<[z.ZodType, unknown, string]>([
    [startTrainingSchema, { holdSeconds: 1 }, 'holdSeconds: must be at least 60'],
    [startTrainingSchema, { holdSeconds: '5m' }, 'holdSeconds: must be a number, not a string'],
    [startTrainingSchema, { precision: 2 }, 'precision: must be at most 0.5'],
    [startTrainingSchema, { seed: 1.5 }, 'seed: must be a whole number'],
    [startTrainingSchema, { kinds: [] }, 'kinds: must be a list of kinds, or "all"'],
    [startTrainingSchema, { kinds: ['soak'] }, `kinds.0: must be one of ${KINDS}, or write "all" instead of a list`],
    [
      startTrainingSchema,
      { kinds: ['load-balancin'] },
      `kinds.0: must be one of ${KINDS}, or write "all" instead of a list: did you mean load_balancing?`,
    ],
    [startTrainingSchema, { sead: 1 }, ': is unknown'],
    [startTrainingSchema, 5, ': must be a mapping of names to values, not a number'],
    [targetInputSchema, { url, insecure: null }, 'insecure: is empty: give true or false, or remove it'],
    [targetInputSchema, { url, requests: 'x' }, 'requests: must be a list, not a string'],
    [targetInputSchema, { url, safety: { maxSeconds: -1 } }, 'safety.maxSeconds: must be above 0'],
    [
      targetInputSchema,
      { url, requests: [{ headers: { a: 5 } }] },
      'requests.0.headers.a: must be a string, or a list of 1 to 50 strings: use quotes',
    ],
    [ROUTES.listSessions.query, { limit: 'many' }, 'limit: must be a number'],
    [ROUTES.listSessions.query, { limit: 501 }, 'limit: must be at most 500'],
    [ROUTES.listSessions.query, { limit: Infinity }, 'limit: must be a number, and finite'],
    [
      targetInputSchema,
      { url, watch: { prometheus: 'x' } },
      'watch.prometheus: must be an http:// or https:// address',
    ],
    [targetInputSchema, { url, safety: { maxRate: 5 } }, 'safety: is unknown'],
    // A schema's own words come before the common ones.
    [targetInputSchema, { url, requests: [{ path: 'x' }] }, 'requests.0.path: must begin with /'],
  ])('%# is said with its place and how to fix it', (schema, value, told) => {
    const { error } = schema.safeParse(value);
    expect(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([told]);
  });
});
