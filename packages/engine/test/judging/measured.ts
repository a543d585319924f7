import { toTarget, type Budgets, type Counts } from '@hive/contract';
import type { Facts, GroupFacts, Stretch } from '../../src/judging/facts.js';
import { latenciesOf } from '../../src/judging/shares.js';

/** The usual budgets, and whatever is to differ. */
export function budgets(more: Partial<Budgets> = {}): Budgets {
  return { ...toTarget({ url: 'http://127.0.0.1:1' }, 'shop').budgets, ...more };
}

/** This many planned requests, of which `good` came back well and the others failed. */
function counted(planned: number, good: number = planned): Counts {
  return {
    planned,
    sent: planned,
    droppedTarget: 0,
    droppedGenerator: 0,
    answered: good,
    good,
    failed: planned - good,
    timedOut: 0,
    cutOff: 0,
  };
}

/** A stretch of `planned` requests: `failed` of them failed, and `slow` more were good but too slow for every latency. */
export function stretch(
  planned: number,
  { failed = 0, slow = 0, seconds = 10, endMs = seconds * 1_000, cache }: StretchFigures = {},
): Stretch {
  return {
    endMs,
    seconds,
    counts: counted(planned, planned - failed),
    bad: [failed + slow],
    meanMs: planned > 0 ? 20 : null,
    ...(cache ? { cache } : {}),
  };
}

interface StretchFigures {
  failed?: number;
  slow?: number;
  seconds?: number;
  endMs?: number;
  cache?: { hits: number; misses: number };
}

/** A group whose requests are one stretch. */
export function group(name: string, whole: Stretch): GroupFacts {
  return { name, whole, stretches: [whole], quantilesMs: new Map() };
}

/** Facts of 1,000 good requests judged by `p(99)<250` and `rate<0.01`; everything can be said otherwise. */
export function facts(more: Partial<Facts> = {}): Facts {
  const objectives = more.objectives ?? ['p(99)<250', 'rate<0.01'];
  const whole = more.whole ?? stretch(1_000);
  return {
    latenciesMs: latenciesOf(objectives),
    stretches: [whole],
    quantilesMs: new Map(),
    errors: {},
    nodes: [],
    answersByNode: {},
    balance: 'round_robin',
    nodeHeader: null,
    groups: [],
    classes: new Map(),
    connectionTime: null,
    budgets: budgets(),
    faults: null,
    memory: null,
    endedEarly: false,
    ...more,
    objectives,
    whole,
  };
}
