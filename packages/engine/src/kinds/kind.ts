import type { Base, Kind, Plan, Scenario, Target } from '@hive/contract';
import type { Judge } from '../judging/facts.js';
import type { Clause } from '../learning/axis.js';
import type { CapName } from './caps.js';
import type { GroupNames, JudgedTotals } from '../metrics/collector.js';

/** What one kind makes of a target and an intensity. */
export interface Problem {
  description: string;
  expectedOutcomes: string[];
  plan: Plan;
}

/** What a kind is judged by. */
export interface Standard {
  /** What the judge weighs. Of a kind whose clauses follow from what was measured: those of this run, none before it. */
  objectives: string[];
  /** What its evidence counts by, and its limit is learned from. */
  clauses: Clause[];
}

/** Of what a standard is asked: a run, or (no plan) all runs on a target. */
export interface Asked {
  target: Target;
  objectives: readonly string[];
  plan: Plan | null;
  /** Median response time at rest, ms; null: not measured. */
  restP50Ms: number | null;
}

/** Some of a run's requests, measured apart from the others. */
export interface GroupPlan {
  name: string;
  /** Which of the order's groups belong to it, the classes before the nodes; null: all requests. */
  indexes: readonly number[] | null;
  /** Only what happens in these ms since the first planned send; absent: all of it. */
  within?: { fromMs: number; toMs: number };
}

/** What a run knows of the requests that it counts apart. `spared`: the links without a fault; null: the faults are elsewhere. */
export interface Countable extends GroupNames {
  spared: readonly number[] | null;
}

/** One kind of scenario: everything that problem generator, judge, learner and session must know of it. No field may be left out. */
export interface KindDefinition {
  kind: Kind;
  /** Whole steps only (connections, keys), or any real number (rates). */
  whole: boolean;
  /** Shares lie on a logit axis, everything else on a logarithmic one. */
  scale: 'ln' | 'logit';
  /** The lowest intensity that makes sense. */
  floor: number;
  /** Where the search begins while nothing is known; the place that difficulty labels refer to until then. */
  prior: number;
  /** The target's own safety cap on this axis. */
  cap(target: Target): number;
  /** Which safety setting that is; null: none, Hive itself goes no further. */
  cappedBy: CapName | null;
  /** Why this kind cannot be judged on the target and what to add, or null when it can. */
  notApplicable(target: Target): string | null;
  /** Requests a second that the intensity offers, where the axis says so; null where only the target decides. */
  offeredPerSecond(intensity: number, base: Base): number | null;
  /** The axis is a rate that the generator itself must send: what this machine can send caps it. */
  isSentRate: boolean;
  /** The intensity can be raised within one run, until the objectives break. */
  mayChirp: boolean;
  /** Results are comparable only where the base load was about the same. */
  besideBaseLoad: boolean;
  /** The plain runs that push this axis; null: none do. */
  plainRun: 'open' | 'closed' | null;
  /** When the budget is short, kinds with a lower number are tried first; each has a number of its own. */
  budgetPlace: number;

  /** The scenario's phases decide how long it takes; else whoever plans it may shorten or lengthen the judged part. */
  fixedTimes: boolean;
  /** The shortest judged part that its judge can make something of; ms. */
  leastMs: number;
  /** How long a run must hold at the low end before the limit is measured, judged s; null: any run that held there will do. */
  longRunSeconds: number | null;
  build(request: { target: Target; intensity: number; base: Base; seed: number }): Problem;
  /** Which requests are measured apart, the judge's own group first. */
  groups(plan: Plan, countable: Countable): GroupPlan[];
  /** Whose bad requests make the failure of an open run certain before its end. */
  certainBy: 'all requests' | 'the first group' | 'nothing';

  /** What its judge yields on the way to a limit. */
  evidence: 'counts' | 'margin';
  /** The target's objectives, or a rule of the kind's own that knows nothing of their latencies. */
  judgedBy: 'objectives' | 'own rule';
  standard(asked: Asked): Standard;
  judge: Judge;
  /** What is worth seeing and not judged, in words. */
  findings(of: { scenario: Scenario; restP50Ms: number | null; totals: JudgedTotals }): string[];
  /** How badness grows along the axis: with a load in requests/s, in some other way, or slowly. */
  badness: 'load' | 'other' | 'slow';
}
