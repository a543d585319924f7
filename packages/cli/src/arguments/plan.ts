import { figure, HiveError, parseDuration, parseRate, type Plan, type Safety } from '@hive/contract';
import { InvalidArgumentError } from 'commander';

/** A stage as written: the rate reached at its end. */
export interface StageArgument {
  durationMs: number;
  toPerSecond: number;
}

/** The options of `hive run` that decide when requests start. Durations in ms, rates in 1/s. */
export interface PlanOptions {
  rate?: number;
  connections?: number;
  duration?: number;
  arrivals?: 'poisson' | 'constant';
  maxWaiting?: number;
  stages?: StageArgument[];
  think?: number;
  timeout: number;
  warmup: number;
  grace?: number;
  /** It ends after this many requests. */
  requests?: number;
}

/** The caps written for a target; the defaults bind generated scenarios only. */
export type Caps = { [Name in keyof Safety]?: Safety[Name] | undefined };

const DEFAULT_CLOSED_CONNECTIONS = 10;
const DEFAULT_OPEN_CONNECTIONS = 1_000;
const DEFAULT_MAX_WAITING = 10_000;
const DEFAULT_DURATION_MS = 10_000;
/** Of a run that ends after some requests, s. */
const DEFAULT_LONGEST_SECONDS = 3_600;

/** `30s:100/s,1m:500/s`: within each stage the rate goes in a straight line to the one named. */
export function stagesOption(text: string): StageArgument[] {
  return text.split(',').map((part) => {
    const [duration, rate, ...rest] = part.split(':');
    try {
      if (duration === undefined || rate === undefined || rest.length > 0) throw new HiveError('validation', part);
      const isZero = /^0+(\.0+)?(\/[smh])?$/.test(rate.trim());
      const durationMs = parseDuration(duration);
      if (durationMs === 0) throw new HiveError('validation', part);
      return { durationMs, toPerSecond: isZero ? 0 : parseRate(rate) };
    } catch (error) {
      if (!(error instanceof HiveError)) throw error;
      throw new InvalidArgumentError(`'${part}' is not a stage. Write for example 30s:100/s,1m:500/s.`);
    }
  });
}

/**
 * Decides between the closed model (`-c` alone) and the open one (`-r` or `--stages`). Stages begin at `-r`, or at zero, and last
 * their sum unless `-d` says otherwise. Connections that were not asked for stay within the `usual` ones.
 * @throws HiveError `validation` for options that contradict each other, `refused_by_safety` for a plan beyond the target's caps.
 */
export function toPlan(options: PlanOptions, caps: Caps = {}, usual: Caps = caps): Plan {
  const plan = planOf(withLongest(options, caps), {
    maxConnections: usual.maxConnections,
    maxRatePerSecond: caps.maxRatePerSecond,
  });
  const { arrivals, warmupMs, durationMs } = plan;
  const open = arrivals.model === 'open';
  const rates = open ? arrivals.stages.flatMap((stage) => [stage.fromPerSecond, stage.toPerSecond]) : [0];
  for (const [name, asked, cap] of [
    ['maxRatePerSecond', Math.max(...rates), caps.maxRatePerSecond],
    ['maxConnections', open ? arrivals.maxConnections : arrivals.connections, caps.maxConnections],
    ['maxSeconds', (warmupMs + durationMs) / 1_000, caps.maxSeconds],
  ] as const) {
    if (cap === undefined || asked <= cap) continue;
    throw new HiveError('refused_by_safety', `${figure(asked)} exceeds the target's safety.${name} (${figure(cap)})`, {
      hint: `ask for less, or raise safety.${name} in a hive.yaml that describes the target`,
    });
  }
  return plan;
}

/** A run that ends after some requests may last as long as is allowed, unless a time is given. */
function withLongest(options: PlanOptions, { maxSeconds = Infinity }: Caps): PlanOptions {
  const { requests, duration, stages, warmup } = options;
  if (requests === undefined || duration !== undefined || stages !== undefined) return options;
  return { ...options, duration: Math.min(maxSeconds, DEFAULT_LONGEST_SECONDS) * 1_000 - warmup };
}

function planOf(options: PlanOptions, { maxConnections = Infinity, maxRatePerSecond }: Caps): Plan {
  const { timeout: timeoutMs, warmup: warmupMs } = options;
  const { requests } = options;
  const most = requests === undefined ? {} : { mostRequests: requests };
  const rest = { warmupMs, timeoutMs, graceMs: options.grace ?? timeoutMs, ...most };
  if (options.rate === undefined && options.stages === undefined) {
    for (const [name, value] of [
      ['--arrivals', options.arrivals],
      ['--max-waiting', options.maxWaiting],
    ]) {
      if (value !== undefined)
        throw contradiction(`${name} needs the open model`, 'give a rate with -r, such as -r 100/s');
    }
    const connections = options.connections ?? Math.min(DEFAULT_CLOSED_CONNECTIONS, maxConnections);
    return {
      arrivals: {
        model: 'closed',
        connections,
        thinkMs: options.think ?? 0,
        ...(maxRatePerSecond === undefined ? {} : { maxPerSecond: maxRatePerSecond }),
      },
      durationMs: positive(options.duration ?? DEFAULT_DURATION_MS),
      ...rest,
    };
  }
  if (options.think !== undefined) {
    throw contradiction('--think needs the closed model', 'leave out --think, or leave out -r and --stages');
  }
  const stages = toStages(options);
  const wholeMs = options.duration ?? (options.stages ? sum(stages) - warmupMs : DEFAULT_DURATION_MS);
  return {
    arrivals: {
      model: 'open',
      arrivals: options.arrivals ?? 'poisson',
      stages,
      maxConnections: options.connections ?? Math.min(DEFAULT_OPEN_CONNECTIONS, maxConnections),
      maxWaiting: options.maxWaiting ?? DEFAULT_MAX_WAITING,
    },
    durationMs: positive(wholeMs),
    ...rest,
  };
}

function toStages(options: PlanOptions): { durationMs: number; fromPerSecond: number; toPerSecond: number }[] {
  const rate = options.rate ?? 0;
  if (options.stages === undefined) {
    const durationMs = options.warmup + (options.duration ?? DEFAULT_DURATION_MS);
    return [{ durationMs: Math.max(1, durationMs), fromPerSecond: rate, toPerSecond: rate }];
  }
  if (rate === 0 && options.stages.every((stage) => stage.toPerSecond === 0)) {
    throw contradiction('--stages never rises above zero', 'name a rate, such as 30s:100/s');
  }
  return options.stages.map((stage, index) => ({
    ...stage,
    fromPerSecond: index === 0 ? rate : (options.stages?.[index - 1]?.toPerSecond ?? 0),
  }));
}

const sum = (stages: readonly { durationMs: number }[]): number =>
  stages.reduce((total, stage) => total + stage.durationMs, 0);

function positive(durationMs: number): number {
  if (durationMs > 0) return durationMs;
  throw contradiction('no time is left to measure', 'give a longer -d or a shorter --warmup');
}

function contradiction(message: string, hint: string): HiveError {
  return new HiveError('validation', message, { hint });
}
