import type { Plan, PlannedFault, Target } from '@hive/contract';
import { figure } from '../../figure.js';
import { createRandom } from '../../random.js';
import { faultedDependency, mixOver, withoutFaults } from '../faulted-link.js';
import { groupsByPlan } from '../groups.js';
import type { Countable, GroupPlan, KindDefinition } from '../kind.js';
import { openAt } from '../requests.js';
import { byObjectives } from '../standard.js';
import { objectivesInWords, STANDARD_PLAN } from '../wording.js';
import { judgeFaultTolerance, underFaultObjectives } from './judge.js';

/** Fewer connections than this, and a share of them is a coarse thing. */
const LEAST_LINKS = 20;
const BEFORE_MS = 3_000;
/** Requests that are not hit and decide a p99, and the times within which that is tried. */
const DECIDING_REQUESTS = 360;
const DURING_MS = { least: 12_000, most: 36_000 };
/** Recovery is seen over 200 requests, and may take 5 s and the backlog's time. */
const AFTER_MS = { least: 9_000, most: 24_000 };
const RECOVERY_REQUESTS = 300;
const GRID_MS = 250;

/** What can befall a connection, as Toxiproxy names it. */
const FAULTS = [
  { type: 'reset_peer', attributes: { timeout: 0 } },
  { type: 'timeout', attributes: { timeout: 0 } },
  { type: 'slow_close', attributes: { delay: 1_000 } },
  { type: 'limit_data', attributes: { bytes: 64 } },
  { type: 'slicer', attributes: { average_size: 16, size_variation: 8, delay: 2_000 } },
  { type: 'bandwidth', attributes: { rate: 1 } },
] as const;

/** Faults: base load while a share of the connections is under faults, and after it. */
export const faultTolerance: KindDefinition = {
  kind: 'fault_tolerance',
  whole: false,
  scale: 'logit',
  floor: 0.05,
  prior: 0.4,
  cap: () => 0.9,
  cappedBy: null,
  notApplicable: (target) => withoutFaults(target) ?? tooNarrow(target),
  offeredPerSecond: () => null,
  isSentRate: false,
  mayChirp: false,
  besideBaseLoad: true,
  plainRun: null,
  budgetPlace: 7,

  fixedTimes: true,
  leastMs: 0,
  longRunSeconds: null,
  build: ({ target, intensity, base, seed }) => {
    const dependency = faultedDependency(target);
    const rate = base.ratePerSecond;
    const sparedPerSecond = dependency === null ? rate * (1 - intensity) : rate;
    const duringMs = onGrid(within(DURING_MS, (DECIDING_REQUESTS / sparedPerSecond) * 1_000), FAULTS.length);
    const afterMs = onGrid(within(AFTER_MS, (RECOVERY_REQUESTS / rate) * 1_000 + 6_000), 1);
    const share = figure(intensity * 100);
    const goal =
      dependency === null ? `keep the others at ${objectivesInWords(target.objectives)}` : 'answer most requests well';
    const whose = dependency === null ? 'the connections' : `the connections to ${dependency.name}`;
    return {
      description: `Serve ${figure(rate)} requests/s while ${share} % of ${whose} fail in six ways, ${goal}, and recover`,
      expectedOutcomes: [
        ...(dependency === null
          ? target.objectives.map((objective) => `${objective} over the requests on connections without faults`)
          : ['all requests meet the objectives for a time under faults']),
        'bad requests fall to twice the allowed share or less within 5 s, plus the time to work off the backlog',
      ],
      plan: {
        ...STANDARD_PLAN,
        warmupMs: BEFORE_MS,
        durationMs: duringMs + afterMs,
        timeoutMs: 5_000,
        graceMs: 5_000,
        arrivals: openAt(rate, target),
        requests: mixOver(target, dependency),
        ...(dependency === null ? { links: Math.max(LEAST_LINKS, base.connections), groupBy: 'node' as const } : {}),
        faults: inTurn({ link: dependency?.name ?? 'client', share: intensity, duringMs, seed }),
      },
    };
  },
  groups: duringFaults,
  certainBy: 'nothing',

  evidence: 'counts',
  judgedBy: 'objectives',
  standard: ({ target, objectives, plan }) =>
    byObjectives({
      objectives: isBehind(target, plan) ? underFaultObjectives(objectives, target.budgets.underFault) : objectives,
    }),
  judge: judgeFaultTolerance,
  findings: () => [],
  badness: 'other',
};

function tooNarrow(target: Target): string | null {
  const { maxConnections } = target.safety;
  if (maxConnections >= LEAST_LINKS || faultedDependency(target) !== null) return null;
  return `a share of fewer than ${LEAST_LINKS} connections is too coarse: raise safety.maxConnections (now ${maxConnections})`;
}

/** The six faults one after the other, in an order that the seed decides. */
function inTurn(given: { link: string; share: number; duringMs: number; seed: number }): PlannedFault[] {
  const { link, share, duringMs, seed } = given;
  const random = createRandom(seed);
  const order = [...FAULTS];
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  const eachMs = duringMs / order.length;
  return order.map(({ type, attributes }, index) => ({
    link,
    share,
    type,
    stream: 'downstream' as const,
    attributes: { ...attributes },
    fromMs: BEFORE_MS + index * eachMs,
    toMs: BEFORE_MS + (index + 1) * eachMs,
  }));
}

function within({ least, most }: { least: number; most: number }, value: number): number {
  return Math.min(Math.max(value, least), most);
}

/** Rounded up, so that each of this many equal parts ends where a live window does. */
function onGrid(ms: number, parts: number): number {
  return Math.ceil(ms / (GRID_MS * parts)) * GRID_MS * parts;
}

/** Whether the faults lie behind the target, between it and a service that it calls. */
function isBehind(target: Target, plan: Plan | null): boolean {
  if (plan === null) return faultedDependency(target) !== null;
  return plan.faults?.some(({ link }) => link !== 'client') ?? false;
}

/** What happens during the faults; the requests over spared links first, where some are. */
function duringFaults(plan: Plan, countable: Countable): GroupPlan[] {
  const { faults = [] } = plan;
  if (faults.length === 0) return groupsByPlan(plan, countable);
  const { byClass, spared } = countable;
  const within = {
    fromMs: Math.min(...faults.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...faults.map(({ toMs }) => toMs)),
  };
  const during: GroupPlan = { name: 'during the faults', indexes: null, within };
  if (spared === null) return [during];
  return [{ name: 'spared', indexes: spared.map((index) => byClass.length + index), within }, during];
}
