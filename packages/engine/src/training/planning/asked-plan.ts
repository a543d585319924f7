import { duration, HiveError, kindLabel, type PlannedFault, type ScenarioPreview, type Target } from '@hive/contract';
import { parseToxic } from '../../faults/registry.js';
import { figure } from '../../figure.js';
import { kindDefinition } from '../../kinds/registry.js';
import type { GeneratedProblem } from '../../kinds/generate.js';

/** What somebody asks of a run beside kind and load. */
export interface AskedPlan {
  /** The load as it was asked for: within the target's caps, or refused. */
  intensity: number;
  /** The judged part, ms. */
  durationMs?: number | undefined;
  /** On every connection; without a time of their own, for the whole judged part. */
  faults?: readonly AskedFault[] | undefined;
}

type AskedFault = Omit<PlannedFault, 'share' | 'fromMs' | 'toMs'> & {
  fromMs?: number | undefined;
  toMs?: number | undefined;
};

/**
 * A generated problem with the time and the faults that somebody asks for.
 * @throws HiveError `validation` naming the field, `refused_by_safety` for faults on a production target.
 */
export function asAsked(problem: GeneratedProblem, target: Target, asked: AskedPlan): GeneratedProblem {
  checkIntensity(problem, target, asked.intensity);
  const timed = withDuration(problem, target, asked.durationMs);
  return asked.faults?.length ? withFaults(timed, target, asked.faults) : timed;
}

/** Nobody may ask for less, s. */
const LEAST_SECONDS = 1;

/** Within which load and judged time such a run may be asked for; `seconds` null: its phases decide. */
export function askedBounds(
  { kind, plan }: Pick<GeneratedProblem, 'kind' | 'plan'>,
  target: Target,
): ScenarioPreview['bounds'] {
  const { floor, cap, fixedTimes, leastMs } = kindDefinition(kind);
  const most = target.safety.maxSeconds - plan.warmupMs / 1_000;
  return {
    intensity: { least: floor, most: cap(target) },
    seconds: fixedTimes ? null : { least: Math.max(LEAST_SECONDS, leastMs / 1_000), most },
  };
}

function checkIntensity({ kind, unit }: GeneratedProblem, target: Target, intensity: number): void {
  const { floor, cap, cappedBy } = kindDefinition(kind);
  const most = cap(target);
  if (intensity > most) {
    throw new HiveError(
      'validation',
      `intensity: ${figure(intensity)} is above the most for ${target.id}: ${figure(most)} ${unit}`,
      {
        hint: cappedBy === null ? 'ask for less' : `ask for less, or raise safety.${cappedBy} of the target`,
      },
    );
  }
  if (intensity < floor)
    throw new HiveError('validation', `intensity: ${figure(intensity)} is below the least: ${figure(floor)} ${unit}`, {
      hint: 'ask for more',
    });
}

function withDuration(problem: GeneratedProblem, target: Target, durationMs: number | undefined): GeneratedProblem {
  if (durationMs === undefined) return problem;
  const { fixedTimes, leastMs } = kindDefinition(problem.kind);
  if (fixedTimes)
    throw new HiveError(
      'validation',
      `durationSeconds: the phases of ${kindLabel(problem.kind)} decide how long it takes (${duration(problem.plan.durationMs)})`,
      { hint: 'leave it out' },
    );
  if (durationMs < leastMs)
    throw new HiveError(
      'validation',
      `durationSeconds: ${kindLabel(problem.kind)} needs at least ${duration(leastMs)}`,
      {
        hint: 'ask for more',
      },
    );
  const { plan } = problem;
  const mostMs = target.safety.maxSeconds * 1_000 - plan.warmupMs;
  if (durationMs > mostMs)
    throw new HiveError(
      'validation',
      `durationSeconds: with its warm-up of ${duration(plan.warmupMs)} a run of ${target.id} may have ${duration(mostMs)}`,
      { hint: 'ask for less, or raise safety.maxSeconds of the target' },
    );
  return { ...problem, plan: { ...plan, durationMs } };
}

function withFaults(problem: GeneratedProblem, target: Target, asked: readonly AskedFault[]): GeneratedProblem {
  const { plan, kind } = problem;
  if (plan.faults !== undefined)
    throw new HiveError('validation', `faults: ${kindLabel(kind)} has faults of its own`, { hint: 'leave them out' });
  if (target.safety.environment === 'production')
    throw new HiveError(
      'refused_by_safety',
      `${target.id} is a production target: no faults are put on its connections`,
    );
  const faults = asked.map((fault, index) => planned(fault, index, { problem, target }));
  const link = faults[0]?.link;
  const other = faults.findIndex((fault) => fault.link !== link);
  if (other !== -1)
    throw new HiveError('validation', `faults.${other}.link: all faults of a run are on one link, here '${link}'`);
  const words = faults.map(({ type, fromMs, toMs }) => `${type} from ${duration(fromMs)} to ${duration(toMs)}`);
  return {
    ...problem,
    description: `${problem.description}, with faults on the ${link} link: ${words.join(', ')}`,
    plan: { ...plan, faults },
  };
}

function planned(
  fault: AskedFault,
  index: number,
  { problem, target }: { problem: GeneratedProblem; target: Target },
): PlannedFault {
  const { warmupMs, durationMs } = problem.plan;
  const wrong = (field: string, what: string, hint?: string): HiveError =>
    new HiveError('validation', `faults.${index}.${field}: ${what}`, hint === undefined ? {} : { hint });
  if (
    fault.link !== 'client' &&
    !target.dependencies.some(({ name, proxy }) => name === fault.link && proxy !== undefined)
  )
    throw wrong(
      'link',
      `${target.id} has no dependency '${fault.link}' with a proxy`,
      "write 'client', or name one of its dependencies",
    );
  const { fromMs = warmupMs, toMs = warmupMs + durationMs } = fault;
  if (toMs <= fromMs) throw wrong('toMs', 'ends before it begins', 'write a time after fromMs');
  if (fromMs >= warmupMs + durationMs)
    throw wrong('fromMs', `begins after the run's end at ${duration(warmupMs + durationMs)}`);
  return { link: fault.link, fromMs, toMs, share: 1, ...toxicAt(fault, wrong) };
}

function toxicAt(
  { type, stream, attributes }: AskedFault,
  wrong: (field: string, what: string, hint?: string) => HiveError,
): Pick<PlannedFault, 'type' | 'stream' | 'attributes'> {
  let parsed;
  try {
    parsed = parseToxic({ type, stream, attributes });
  } catch (error) {
    if (!(error instanceof HiveError)) throw error;
    throw wrong('type', error.message.replace(/^bad request body: /, ''), error.hint);
  }
  const known = Object.keys(parsed.attributes);
  const unknown = Object.keys(attributes).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw wrong(`attributes.${unknown}`, `${type} has no such attribute`, `use ${known.join(', ')}`);
  return { type: parsed.type, stream: parsed.stream, attributes: parsed.attributes };
}
