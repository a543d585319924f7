import { figure } from '../../figure.js';
import { groupsByPlan } from '../groups.js';
import type { KindDefinition } from '../kind.js';
import { openIn } from '../requests.js';
import { byObjectives } from '../standard.js';
import { STANDARD_PLAN } from '../wording.js';
import { judgeMemoryOptimization } from './judge.js';

const CYCLES = 5;
const LOAD_MS = 16_000;
/** Collectors of garbage and allocators give memory back only after a while. */
const REST_MS = 12_000;
const KIB = 1_024;

/** Memory: cycles of load and rest, after which resident memory should be where it was. */
export const memoryOptimization: KindDefinition = {
  kind: 'memory_optimization',
  whole: false,
  scale: 'ln',
  floor: 1,
  prior: 200,
  cap: (target) => target.safety.maxRatePerSecond,
  cappedBy: 'maxRatePerSecond',
  notApplicable: ({ watch }) =>
    watch?.pid !== undefined || watch?.prometheus !== undefined
      ? null
      : 'its memory cannot be read: add watch.pid, or watch.prometheus with process_resident_memory_bytes',
  offeredPerSecond: (intensity) => intensity,
  isSentRate: true,
  mayChirp: false,
  besideBaseLoad: false,
  plainRun: null,
  budgetPlace: 8,

  fixedTimes: true,
  leastMs: 0,
  longRunSeconds: null,
  build: ({ target, intensity }) => {
    const budget = figure(target.budgets.memoryBytesPer1000Requests / KIB);
    const cycle = [
      { durationMs: LOAD_MS, fromPerSecond: intensity, toPerSecond: intensity },
      { durationMs: REST_MS, fromPerSecond: 0, toPerSecond: 0 },
    ];
    const rests = Array.from({ length: CYCLES }, (_, index) => {
      const toMs = (index + 1) * (LOAD_MS + REST_MS);
      return { fromMs: toMs - REST_MS, toMs };
    });
    return {
      description: `Serve ${figure(intensity)} requests/s for ${LOAD_MS / 1_000} s, ${CYCLES} times with a pause between, and retain at most ${budget} KiB per 1,000 requests`,
      expectedOutcomes: [
        `after the first cycle, resident memory during the pauses grows by at most ${budget} KiB per 1,000 requests`,
      ],
      plan: {
        ...STANDARD_PLAN,
        warmupMs: 0,
        durationMs: CYCLES * (LOAD_MS + REST_MS),
        arrivals: openIn(Array.from({ length: CYCLES }, () => cycle).flat(), target),
        rests,
      },
    };
  },
  groups: groupsByPlan,
  certainBy: 'nothing',

  evidence: 'margin',
  judgedBy: 'own rule',
  standard: byObjectives,
  judge: judgeMemoryOptimization,
  findings: () => [],
  badness: 'load',
};
