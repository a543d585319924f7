import { z } from 'zod';
import { isExecution } from './ids.js';
import { difficultySchema, kindSchema } from './kind.js';
import { limitSchema } from './limit.js';
import { machineStateSchema } from './machine.js';
import { sessionPlanSchema } from './session-plan.js';

export const END_CODES = [
  /** What was asked for is known. */
  'goal',
  'budget',
  'stopped',
  'not_applicable',
  /** Nothing answers, at rest neither. */
  'target_unreachable',
  'did_not_recover',
  /** A guard of the target said that it suffers. */
  'stopped_by_guard',
  /** The session sent as many requests as the target allows, or as many of them went wrong. */
  'max_requests',
  'max_bad_requests',
  /** The hours in which the target may be loaded ended. */
  'outside_hours',
  /** An error broke it off. */
  'failed',
  /** The process that ran it ended. */
  'interrupted',
] as const;
/** Why a session ended, for programs. */
export type EndCode = (typeof END_CODES)[number];

/** End codes of sessions that the target's own safety settings ended. */
export const SAFETY_ENDS = ['stopped_by_guard', 'max_requests', 'max_bad_requests', 'outside_hours'] as const;
export type SafetyEnd = (typeof SAFETY_ENDS)[number];

/** Whether the target's own safety settings ended a session. */
export function isSafetyEnd(code: EndCode | null): code is SafetyEnd {
  return (SAFETY_ENDS as readonly (EndCode | null)[]).includes(code);
}

const ANSWERS = ['yes', 'no', 'undecided'] as const;
/** What a question about one load is answered with. */
export type Answer = (typeof ANSWERS)[number];

/** What a session is for: to find limits, to answer whether a target carries one load, or to run one load as it stands. */
export const SESSION_MODES = ['train', 'verify', 'run'] as const;
export type SessionMode = (typeof SESSION_MODES)[number];

/** Half width of the interval that a session looks for unless it is told otherwise, as a share. */
export const DEFAULT_PRECISION = 0.05;
/** The default budget of a session: four minutes, in which a request rate can be measured, plus the time of a hold. s */
export const defaultBudgetSeconds = (holdSeconds = 0): number => 240 + holdSeconds;

export const sessionRowSchema = z.object({
  id: z.string(),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  total_scenarios: z.int(),
  /** Of those, what passed. Ramps and runs that are not usable neither pass nor fail. */
  successful_scenarios: z.int(),
  /** Mean success_rate of the session's judged scenarios, 0–1; null without any. */
  average_performance: z.number().nullable(),
  metrics: z.record(z.string(), z.unknown()),
  target_id: z.string(),
  status: z.enum(['running', 'completed', 'stopped', 'interrupted', 'failed']),
  kinds: z.array(kindSchema),
  budget_seconds: z.number().nullable(),
  /** Wanted half width of the interval, as a share; null where none was asked for. */
  precision: z.number().nullable().default(null),
  /** How long it soaks at its end; null: not at all. */
  hold_seconds: z.number().nullable().default(null),
  mode: z.enum(SESSION_MODES).default('train'),
  labels: z.record(z.string(), z.string()).default({}),
  /** Of `verify`: the load in question, and how long it must hold, s. */
  question: z
    .object({ at_per_second: z.number().positive(), for_seconds: z.number().positive() })
    .nullable()
    .default(null),
  /** Of `verify`: what came of it; null while it runs. */
  answer: z.enum(ANSWERS).nullable().default(null),
  /** Caps that it was given for itself; null: those of its target. */
  max_rate_per_second: z.number().positive().nullable().default(null),
  max_connections: z.int().positive().nullable().default(null),
  /** How long nothing ran it before it was resumed, s. */
  paused_seconds: z.number().nonnegative().default(0),
  /** How long it ran, as far as that is recorded, without the time in which nothing ran it; null for sessions of 0.1.0. */
  runtime_seconds: z.number().nullable().default(null),
  /** Why it ended, for programs; null while it runs, and for sessions of 0.1.0. */
  end_code: z.enum(END_CODES).nullable().default(null),
  /** Why it ended, in one sentence. */
  end_reason: z.string().nullable(),
  limits: z.array(limitSchema),
});
/** A row of `training_sessions`, as the API shows it. */
export type SessionRow = z.infer<typeof sessionRowSchema>;

/** Ends that a session came to by itself, and that are no success. */
const BAD_ENDS: readonly (EndCode | null)[] = [
  'target_unreachable',
  'did_not_recover',
  'stopped_by_guard',
  'max_bad_requests',
];

/** Whether a session ended without a usable result. */
export function foundNothing({ status, end_code: code }: Pick<SessionRow, 'status' | 'end_code'>): boolean {
  return BAD_ENDS.includes(code) || status === 'interrupted' || status === 'failed';
}

/** Less is not worth a run, s. */
const LEAST_RESUME_SECONDS = 5;

/** What a session is that cannot go on. */
export type ResumeRefusal = 'running' | 'single_run' | 'completed' | 'used_up';

/** Why a session cannot go on. Null: it was stopped, interrupted or broken off, and something of its budget is left. */
export function whyNotResume(
  row: Pick<SessionRow, 'id' | 'status' | 'budget_seconds' | 'runtime_seconds' | 'started_at' | 'ended_at'>,
): ResumeRefusal | null {
  if (row.status === 'running') return 'running';
  if (isExecution(row.id)) return 'single_run';
  if (row.status === 'completed') return 'completed';
  const rest = restSeconds(row);
  return rest !== null && rest < LEAST_RESUME_SECONDS ? 'used_up' : null;
}

/** Whether a session can go on. */
export const mayResume = (row: Parameters<typeof whyNotResume>[0]): boolean => whyNotResume(row) === null;

/** What is left of the budget of a session that is over, s; null: it has none. */
export function restSeconds(
  row: Pick<SessionRow, 'budget_seconds' | 'runtime_seconds' | 'started_at' | 'ended_at'>,
): number | null {
  return row.budget_seconds === null ? null : row.budget_seconds - (secondsOf(row) ?? 0);
}

/** How long a session ran, s; null while it runs. One of 0.1.0 has kept only when it began and ended. */
export function secondsOf({
  runtime_seconds: measured,
  started_at,
  ended_at,
}: Pick<SessionRow, 'runtime_seconds' | 'started_at' | 'ended_at'>): number | null {
  if (ended_at === null) return null;
  return measured ?? (Date.parse(ended_at) - Date.parse(started_at)) / 1_000;
}

export const currentScenarioSchema = z.object({
  scenario_id: z.string(),
  kind: kindSchema,
  difficulty: difficultySchema,
  intensity: z.number(),
  unit: z.string(),
  /** Its load rises until the objectives break; `intensity` is the highest it may reach. */
  ramp: z.boolean().default(false),
  elapsedMs: z.number(),
  plannedMs: z.number(),
});

export const trainingStatusSchema = z.object({
  running: z.boolean(),
  session_id: z.string().nullable(),
  target: z.string().nullable(),
  /** What the session was asked for, as in its row. */
  kinds: z.array(kindSchema).default([]),
  budget_seconds: z.number().nullable().default(null),
  precision: z.number().nullable().default(null),
  hold_seconds: z.number().nullable().default(null),
  scenarios_completed: z.int(),
  current: currentScenarioSchema.nullable(),
  average_success_rate: z.number().nullable(),
  runtime_seconds: z.number(),
  budget_left_seconds: z.number().nullable(),
  next_reason: z.string().nullable(),
  /** While others leave the load generator's machine too little to measure anything; else absent. */
  machine: machineStateSchema.optional(),
  /** What is left to do and what that costs, made anew as the session learns; null where nothing is planned. */
  plan: sessionPlanSchema.nullable().default(null),
});
/** What the training engine is doing now; after a session, how the last one stood at its end. */
export type TrainingStatus = z.infer<typeof trainingStatusSchema>;
