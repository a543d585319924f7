import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { toTarget, type Kind, type Plan, type Scenario, type ScenarioResult, type Target } from '@hive/contract';
import { execute, generateScenario, readTargetFile, realClock, type LearnedResult, type Load } from '@hive/engine';
import { untilJudged } from '../until-judged.js';

const EXAMPLES = join(dirname(dirname(import.meta.dirname)), 'examples');

/** One of the examples, started as a person starts it. */
export interface Example {
  /** What the hive.yaml that it wrote describes. */
  target: Target;
  /** Everything it printed until it was ready. */
  said: string;
  /** Ends it as Ctrl-C does. @throws when it did not end well, or left its files or whoever listened. */
  end(): Promise<void>;
}

/** @throws with what it printed when it ends before it is ready. */
export async function startExample(name: string, args: readonly string[] = []): Promise<Example> {
  const child = spawn(process.execPath, [join(EXAMPLES, name, 'start.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let output = '';
  const file = await new Promise<string>((resolve, reject) => {
    const take = (text: Buffer): void => {
      output += text.toString();
      const [, path] = /(\S+hive\.yaml)\nCtrl-C/.exec(output) ?? [];
      if (path !== undefined) resolve(path);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void ended.then((code) => reject(new Error(`${name} ended with ${code}:\n${output}`)));
  });
  const described = await readTargetFile(readFileSync(file, 'utf8'), { environment: {}, fileName: file });
  const target = toTarget(described.target, name);
  return {
    target,
    said: output,
    async end() {
      child.kill('SIGINT');
      const code = await ended;
      if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`);
      if (existsSync(dirname(file))) throw new Error(`${name} left ${dirname(file)}`);
      for (const { url } of target.nodes) {
        if (await listens(url)) throw new Error(`${name} ended, and ${url} still answers`);
      }
    },
  };
}

async function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return connected;
}

/** One scenario of an example. */
export interface Tried {
  target: Target;
  kind: Kind;
  intensity: number;
  load: Load;
  /** Where its plan differs from the generated one. */
  plan?: Partial<Plan> | ((generated: Scenario) => Partial<Plan>);
  /** What is known about the target. */
  history?: readonly LearnedResult[];
  /** Where the result calls itself suspect and its verdict is another, it is tried again. */
  expected?: ScenarioResult['verdict'];
}

/** Generates a scenario and executes it for real, until the machine was quiet enough for the load generator. */
export async function tryScenario(
  tried: Tried,
): Promise<LearnedResult & { scenario: Scenario; result: ScenarioResult }> {
  const { target, kind, intensity, load, plan, history = [] } = tried;
  const generated = generateScenario({ target, kind, intensity, seed: 1, history });
  const changed = typeof plan === 'function' ? plan(generated) : plan;
  const scenario = { ...generated, plan: { ...generated.plan, ...changed } };
  const result = await untilJudged(
    `${target.id}, ${kind} at ${intensity}`,
    () => executed({ target, load, scenario }),
    ({ validity }) => validity,
    ({ verdict }) => tried.expected === undefined || verdict === tried.expected,
  );
  return { sessionId: 'ses_example', at: new Date().toISOString(), scenario, result };
}

async function executed(from: { target: Target; load: Load; scenario: Scenario }): Promise<ScenarioResult> {
  const events = execute({
    ...from,
    clock: realClock,
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_example',
  });
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value.result;
  }
}

/** The verdict, with what one must know to understand it when it is another than expected. */
export function verdictOf({ verdict, reason, validity, findings = [] }: ScenarioResult): {
  verdict: string;
  why: string;
} {
  return { verdict, why: [reason, validity.status, ...validity.reasons, ...findings].join(' | ') };
}
