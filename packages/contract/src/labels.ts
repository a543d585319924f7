import type { Kind } from './kind.js';
import type { Limit } from './limit.js';
import type { Outcome } from './outcome.js';
import type { Answer } from './session.js';
import type { Validity, Verdict } from './verdict.js';

/** What people read instead of a kind's machine name. */
export interface KindLabel {
  /** Name of the kind. */
  label: string;
  /** Name of its limit; KIND_UNITS has the unit. */
  value: string;
  /** One line: the question that the kind answers. */
  asks: string;
}

/** The API, files and `--json` keep the machine names; screens and terminals show these. */
export const KIND_LABELS: Readonly<Record<Kind, KindLabel>> = {
  concurrent_requests: {
    label: 'Concurrent users',
    value: 'Max users',
    asks: 'How many connections without think time can the target serve at once?',
  },
  load_balancing: {
    label: 'Request rate',
    value: 'Max rate',
    asks: 'How many requests per second can the target serve?',
  },
  resource_allocation: {
    label: 'Noisy neighbor',
    value: 'Max neighbor rate',
    asks: 'How much load from one client can the others bear?',
  },
  fault_tolerance: {
    label: 'Connection faults',
    value: 'Max faulty share',
    asks: 'What share of connections can fail before the healthy ones suffer?',
  },
  data_processing: {
    label: 'Payload size',
    value: 'Max payload',
    asks: 'How large can a request or response body be?',
  },
  network_latency: {
    label: 'Network latency',
    value: 'Max added latency',
    asks: 'How much added network latency can the target tolerate?',
  },
  memory_optimization: {
    label: 'Memory leak',
    value: 'Max rate without a leak',
    asks: 'Up to which request rate does memory stay within its budget?',
  },
  cache_efficiency: {
    label: 'Working set',
    value: 'Max distinct keys',
    asks: 'How many distinct keys can the cache serve at the required hit rate?',
  },
};

/** The kind's name for people: `Request rate`. */
export function kindLabel(kind: Kind): string {
  return KIND_LABELS[kind].label;
}

/** Statuses of a limit. A number follows `at least` and `below`. */
export const STATUS_WORDS: Readonly<Record<Limit['status'], string>> = {
  known: 'measured',
  rough: 'roughly',
  unsteady: 'varies',
  unknown: 'not measured yet',
  at_least: 'at least',
  below: 'below',
  not_monotone: 'no single limit',
  not_applicable: 'does not apply',
};

/** Whether a limit of this status has an estimate with two ends. */
export function hasEstimate(status: Limit['status']): boolean {
  return status === 'known' || status === 'rough' || status === 'unsteady';
}

/** Whether a target carries one load. */
export const ANSWER_WORDS: Readonly<Record<Answer, string>> = { yes: 'Yes', no: 'No', undecided: 'Undecided' };

/** How far a measurement can be trusted. */
export const VALIDITY_WORDS: Readonly<Record<Validity['status'], string>> = {
  valid: 'usable',
  suspect: 'doubtful',
  invalid: 'not usable',
};

/** What a run showed. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  passed: 'passed',
  failed: 'failed',
  undecided: 'undecided',
  aborted: 'stopped',
  not_applicable: 'does not apply',
};

/** What came of a run: its verdict, unless it has none. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  ...VERDICT_WORDS,
  not_usable: VALIDITY_WORDS.invalid,
  ramp: 'ramp',
};
