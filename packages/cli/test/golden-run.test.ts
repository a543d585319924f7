import { newExecutionId, toTarget, type Target, type TargetInput } from '@hive/contract';
import { execute, plainScenario, runReport, virtualSurroundings, type RunReport } from '@hive/engine';
import { describe, expect, it } from 'vitest';
import { SERVICES } from '../../engine/test/golden/services.js';
import { normalizer } from '../../engine/test/golden/story.js';
import { stagesOption, toPlan, type PlanOptions } from '../src/arguments/plan.js';

interface Asked {
  options: Partial<PlanOptions>;
  service?: string;
  /** What the file says that names the target. */
  file?: Partial<TargetInput>;
  /** Ctrl-C after this many windows. */
  stopAfter?: number;
}

/** What people ask of `hive run`, as its options are read. */
const ASKED: Record<string, Asked> = {
  'nothing but an address': { options: {} },
  '-c 50 -d 5s': { options: { connections: 50, duration: 5_000 } },
  '-c 20 --think 50ms': { options: { connections: 20, think: 50 } },
  '-r 200/s': { options: { rate: 200 } },
  '-r 500/s, more than it can take': { options: { rate: 500 } },
  '-r 300/s --arrivals constant': { options: { rate: 300, arrivals: 'constant' }, service: 'one that refuses' },
  '--stages 5s:100/s,5s:500/s': { options: { stages: stagesOption('5s:100/s,5s:500/s') }, service: 'one that refuses' },
  '-r 100/s --warmup 2s --grace 1s': {
    options: { rate: 100, warmup: 2_000, grace: 1_000 },
    service: 'one that pauses behind a balancer',
  },
  '-r 300/s -c 5 --max-waiting 10': { options: { rate: 300, connections: 5, maxWaiting: 10 } },
  '-r 400/s --timeout 500ms': {
    options: { rate: 400, timeout: 500 },
    service: 'one that pauses behind a balancer',
  },
  'a file with objectives that fail': {
    options: { rate: 100 },
    file: { objectives: ['p(50)<5', 'avg<500', 'throughput>=1000', 'p(99)<400 for 2s'] },
  },
  '-r 100/s, stopped by Ctrl-C': { options: { rate: 100 }, stopAfter: 12 },
};

async function reportOf({ options, service: name = 'three nodes', file, stopAfter }: Asked): Promise<RunReport> {
  const { settings, target: described } = SERVICES[name]!;
  const { objectives } = file === undefined ? described : toTarget({ url: 'http://127.0.0.1:1', ...file }, 'shop');
  const target: Target = { ...described, objectives, watch: null };
  const stop = new AbortController();
  const plan = toPlan({ timeout: 10_000, warmup: 0, ...options });
  const scenario = plainScenario({ target, plan, seed: 1 });
  const events = execute({
    scenario,
    plain: true,
    target,
    ...(await virtualSurroundings({ settings, seed: 1 })),
    signal: stop.signal,
    allowTargets: [],
    sessionId: newExecutionId(),
  });
  let windows = 0;
  for (;;) {
    const next = await events.next();
    if (next.done) return runReport(scenario, next.value);
    if (next.value.type === 'window' && ++windows === stopAfter) stop.abort();
  }
}

// Who moves code keeps every byte. Who changes what a run says changes the file, in a commit of its own that says why.
const FIELDS = [
  'version',
  'verdict',
  'validity',
  'reason',
  'durationMs',
  'planned',
  'sent',
  'droppedTarget',
  'droppedGenerator',
  'answered',
  'good',
  'failed',
  'timedOut',
  'cutOff',
  'dropped',
  'errors',
  'statusCodes',
  'errorExamples',
  'offeredPerSecond',
  'throughputPerSecond',
  'bytesIn',
  'bytesOut',
  'responseTimeMs',
  'serviceTimeMs',
  'firstByteMs',
  'waitingMs',
  'phasesMs',
  'peakConnections',
  'maxConnections',
  'byClass',
  'byNode',
  'objectives',
];

describe('what `hive run --json` printed before', () => {
  it('has its fields in their order', async () => {
    expect(Object.keys(await reportOf({ options: { rate: 20, duration: 1_000 } }))).toEqual(FIELDS);
  });

  it('is printed again', async () => {
    const lines: string[] = [];
    for (const [title, asked] of Object.entries(ASKED)) {
      const report = JSON.parse(normalizer()(await reportOf(asked))) as unknown;
      lines.push(`## ${title}\n\n${JSON.stringify(report, null, 1)}\n`);
    }
    await expect(lines.join('\n')).toMatchFileSnapshot('golden-run.txt');
  });
});
