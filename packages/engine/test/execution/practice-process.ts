import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  toTarget,
  type Base,
  type Kind,
  type Plan,
  type ScenarioResult,
  type Target,
  type TargetInput,
} from '@hive/contract';
import { untilJudged } from '../../../../test/until-judged.js';
import { realClock } from '../../src/clock.js';
import type { Load } from '../../src/measuring.js';
import { demoTarget, type DemoPlace } from '../../src/practice/demo-target.js';
import type { PracticeSettings } from '../../src/practice/settings.js';
import { generate } from '../../src/kinds/generate.js';
import { execute } from '../../src/execution/execute.js';

const SCRIPT = fileURLToPath(new URL('practice-process.mjs', import.meta.url));

/** A practice target with the demo's settings, but for those given, in a process of its own. */
export interface PracticeProcess {
  place: DemoPlace;
  /** Its description as the demo has it; not watched unless that is said otherwise. */
  target(more?: Partial<TargetInput>): Target;
  close(): Promise<void>;
}

/** `proxied`: a fault proxy stands before the dependency. */
export async function startPracticeProcess(
  settings: Partial<PracticeSettings> & { proxied?: boolean } = {},
): Promise<PracticeProcess> {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(([code]) => Promise.reject(new Error(`the practice target ended with ${code}`))),
  ])) as [string];
  const place = JSON.parse(line) as DemoPlace;
  return {
    place,
    target(more = {}) {
      const { watch: _, ...demo } = demoTarget(place);
      return toTarget({ ...demo, ...more }, 'practice');
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

/** What a scenario is made of, and where its plan is to differ. */
export interface Tried {
  target: Target;
  kind: Kind;
  intensity: number;
  load: Load;
  seed?: number;
  base?: Base;
  plan?: Partial<Plan>;
  /** Where the result calls itself suspect and its verdict is another, it is tried again. */
  expected?: ScenarioResult['verdict'];
}

/** Generates a scenario and executes it for real, until the machine was quiet enough for the load generator. */
export function tryOut(tried: Tried): Promise<ScenarioResult> {
  return untilJudged(
    `${tried.kind} at ${tried.intensity}`,
    () => tryOnce(tried),
    ({ validity }) => validity,
    ({ verdict }) => tried.expected === undefined || verdict === tried.expected,
  );
}

async function tryOnce({ target, kind, intensity, load, seed = 1, base, plan }: Tried): Promise<ScenarioResult> {
  const problem = generate({ target, kind, intensity, seed, base: base ?? { ratePerSecond: 100, connections: 20 } });
  const events = execute({
    target,
    load,
    clock: realClock,
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_test',
    scenario: {
      ...problem,
      id: 'scn_test',
      difficulty: 'medium',
      calibrated: false,
      predictedFailure: null,
      plan: { ...problem.plan, ...plan },
    },
  });
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value.result;
  }
}

/** The verdict with what one must know to understand it when it is another than expected. */
export function verdictOf({ verdict, reason, validity, findings = [] }: ScenarioResult): {
  verdict: ScenarioResult['verdict'];
  why: string;
} {
  return { verdict, why: [reason, validity.status, ...validity.reasons, ...findings].join(' | ') };
}
