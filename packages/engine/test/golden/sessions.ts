import { KINDS, type Kind } from '@hive/contract';
import type { TrainingEvent } from '../../src/execution/events.js';
import { train } from '../../src/training/training.js';
import { virtualSurroundings } from '../../src/virtual/surroundings.js';
import { SERVICES } from './services.js';
import { storyOf } from './story.js';

/** Kinds whose single runs last minutes need longer sessions. */
const BUDGET_MS: Partial<Record<Kind, number>> = { memory_optimization: 440_000, fault_tolerance: 240_000 };
const USUAL_BUDGET_MS = 90_000;

/** A session in virtual time: one kind on one of the services. */
export interface GoldenSession {
  kind: Kind;
  service: string;
  seed: number;
}

const SEEDS = [1, 2, 3, 4];

/** All that are kept: every kind, on every service, with four seeds. */
export const GOLDEN_SESSIONS: readonly GoldenSession[] = KINDS.flatMap((kind) =>
  Object.keys(SERVICES).flatMap((service) => SEEDS.map((seed) => ({ kind, service, seed }))),
);

/** The file that keeps what sessions of a kind told, beside this one. */
export const goldenFileOf = (kind: Kind): string => `${kind}.txt`;

/** What a session told, as lines under a title. */
export async function tellSession({ kind, service: name, seed }: GoldenSession): Promise<string> {
  const { settings, target } = SERVICES[name]!;
  const events: TrainingEvent[] = [];
  const session = train({
    target,
    kinds: [kind],
    budgetMs: BUDGET_MS[kind] ?? USUAL_BUDGET_MS,
    precision: 0.05,
    seed,
    ...virtualSurroundings({ settings, seed }),
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_1',
    history: [],
  });
  for await (const event of session) events.push(event);
  return `## ${name}, seed ${seed}\n\n${storyOf(events)}\n`;
}
