import { aboutTime, amount, budgetFor, figure, parseObjectives, type Objective } from '@hive/contract';
import { rarestShare, type Axis } from '../../learning/axis.js';
import { longRunSeconds } from '../../learning/limit/evidence.js';
import { HORIZON_SECONDS, LONG_RUN_REQUESTS } from '../../learning/weights.js';

/** A kind whose session is under way. */
export interface UnderWay {
  axis: Pick<Axis, 'clauses' | 'longRunSeconds'>;
  objectives: readonly string[];
  /** Requests/s about its limit; null: not known. */
  ratePerSecond: number | null;
  /** What the whole session usually takes, a soak too, and what it was given, s. */
  usualSeconds: number;
  budgetSeconds: number;
}

/** Shares of bad requests that people allow, as percentiles they use. */
const WIDER_SHARES = [0.05, 0.1, 0.25, 0.5];
/** A session that its time was too short for is given this many times as much, at least. */
const MORE_TIME = 1.5;

/** Where 30 s have too few requests to judge by: what is planned instead, what that takes, and what would help. Null: they have enough. */
export function toldOfFewRequests(of: UnderWay): string | null {
  const { axis, ratePerSecond, usualSeconds, budgetSeconds } = of;
  if (!needsLonger(of)) return null;
  const rate = ratePerSecond as number;
  const rarest = rarestShare(axis.clauses);
  const names = axis.clauses.filter(({ allowedShare }) => allowedShare === rarest).map(({ expression }) => expression);
  const found = `at about ${amount(rate, 'requests/s')}, ${HORIZON_SECONDS} s have ${figure(Math.round(HORIZON_SECONDS * rate))} requests, too few for ${names.join(' and ')}`;
  const planned = `runs of up to ${figure(longRunSeconds({ config: axis }, rate))} s are planned, and the limit takes about ${aboutTime(usualSeconds)}`;
  const remedies = [
    ...(usualSeconds > budgetSeconds ? [`--budget ${budgetFor(usualSeconds)} is enough`] : []),
    ...widerObjectives(of).map((options) => `${options} needs less time`),
  ];
  return `${found}: ${[planned, ...remedies].join('; ')}`;
}

/** The options that would have measured a limit for which the time was too short. */
export function remedyFor(of: UnderWay): string {
  const seconds = Math.max(of.usualSeconds, MORE_TIME * of.budgetSeconds);
  const wider = needsLonger(of) ? widerObjectives(of) : [];
  return [`--budget ${budgetFor(seconds)}`, ...wider].join(', or ');
}

function needsLonger({ axis, ratePerSecond }: UnderWay): boolean {
  if (ratePerSecond === null || axis.longRunSeconds === null) return false;
  return longRunSeconds({ config: axis }, ratePerSecond) > axis.longRunSeconds;
}

/** All objectives as options, those that allow too little widened until the usual runs have enough requests; none: no share does. */
function widerObjectives({ axis, objectives, ratePerSecond }: UnderWay): string[] {
  const needed = LONG_RUN_REQUESTS / ((axis.longRunSeconds as number) * (ratePerSecond as number));
  const share = WIDER_SHARES.find((one) => one >= needed);
  if (share === undefined) return [];
  return [
    parseObjectives(objectives)
      .map((objective) => `--objective '${widened(objective, share)}'`)
      .join(' '),
  ];
}

function widened(objective: Objective, share: number): string {
  const { expression } = objective;
  if (objective.type === 'percentile' && 1 - objective.quantile < share)
    return expression.replace(/p\([\d.]+\)/, `p(${figure(100 * (1 - share))})`);
  if (objective.type === 'errors' && objective.share > 0 && objective.share < share)
    return expression.replace(/(?<=rate<=?)[\d.]+/, String(share));
  return expression;
}
