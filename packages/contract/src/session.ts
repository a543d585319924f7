import { z } from 'zod';
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
  /** An error broke it off. */
  'failed',
  /** The process that ran it ended. */
  'interrupted',
] as const;
/** Why a session ended, for programs. */
export type EndCode = (typeof END_CODES)[number];

/** What a question about one load is answered with. */
export type Answer = 'yes' | 'no' | 'undecided';

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
