import { EXIT, withUnreached, type Headroom, type Limit, type Target } from '@hive/contract';
import { headroomOf, learnLimits, readPeak, type LearnedResult } from '@hive/engine';
import type { Command } from 'commander';
import { expectationOption, judgeExpectation, type Expectation } from '../arguments/expectation.js';
import type { RequestOptions } from '../arguments/request.js';
import { addRequestOptions, addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { readTarget } from '../arguments/target-file.js';
import { loadCliConfig } from '../config.js';
import { openLearned, type Learned } from '../learned.js';
import { targetLimitsText } from '../print/limits.js';
import { createTerminal } from '../print/terminal.js';
import { expectationLine } from '../print/training.js';

interface LimitsOptions extends RequestOptions, SharedOptions {
  expect?: Expectation[];
}

const EXAMPLES = `
Examples:
  hive limits                                             every measured target
  hive limits http://127.0.0.1:8080/                      one target, with the default objectives
  hive limits hive.yaml --expect 'load_balancing>=500'    exit code 99 if the learned limit does not show it

No request is sent. A limit describes the time when it was measured; hive train measures it again.`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('[url]', 'the service, or a hive.yaml that describes it (default: all measured ones)')
    .option('--expect <expectation>', "expected limit, such as 'load_balancing>=500', repeatable", expectationOption)
    .addHelpText('after', EXAMPLES)
    .action(async (url: string | undefined, options: LimitsOptions) => done(await limits(url, options, command)));
  addSharedOptions(addRequestOptions(command));
}

async function limits(url: string | undefined, given: LimitsOptions, command: Command): Promise<number> {
  const config = loadCliConfig();
  const json = given.json === true;
  const terminal = createTerminal({ ...config, json, quiet: given.quiet === true });
  const named = url === undefined ? null : await readTarget(url, given, { command, environment: config.environment });
  const options = named?.options ?? given;
  const asked = options.expect ?? [];
  if (named === null && asked.length > 0)
    command.error("error: option '--expect <expectation>' needs a target: name its URL or its hive.yaml");
  const dataDirectory = options.data ?? config.dataDirectory;
  const learned = await openLearned({ dataDirectory, config });
  const targets: KnownTarget[] = [];
  try {
    for (const target of named === null ? await learned.targets() : [named.target])
      targets.push(await knownOf(target, { learned, allowTargets: config.allowTargets }));
  } finally {
    await learned.close();
  }
  const expectations = asked.map((one) => judgeExpectation(one, targets[0]?.limits ?? [], { mustHold: false }));
  if (json) {
    const known = targets.map(({ target, limits: list, traffic }) => ({ target: target.id, limits: list, traffic }));
    process.stdout.write(`${JSON.stringify({ version: 1, targets: known, expectations })}\n`);
  }
  const { colors } = terminal;
  const texts = targets.map((one) => targetLimitsText(one, colors).join('\n'));
  if (texts.length === 0) terminal.print('No limits learned yet. Run hive train URL');
  else terminal.print(texts.join('\n\n'));
  for (const one of expectations) terminal.print(expectationLine(one, colors));
  return expectations.some(({ outcome }) => outcome === 'failed') ? EXIT.objectiveFailed : EXIT.passed;
}

interface KnownTarget {
  target: Target;
  limits: Limit[];
  traffic: Headroom | null;
}

async function knownOf(
  target: Target,
  { learned, allowTargets }: { learned: Learned; allowTargets: readonly string[] },
): Promise<KnownTarget> {
  const history = await learned.of(target);
  const limits = learnLimits(target, history);
  const traffic = await trafficOf({ target, history, limits }, allowTargets);
  return { target, limits: withUnreached(limits, await learned.sessions(target.id)), traffic };
}

async function trafficOf(
  known: { target: Target; history: readonly LearnedResult[]; limits: readonly Limit[] },
  allowTargets: readonly string[],
): Promise<Headroom | null> {
  const { traffic } = known.target;
  if (traffic === undefined) return null;
  const at = typeof traffic === 'number' ? null : new Date().toISOString();
  return headroomOf(known, await readPeak(traffic, { allowTargets }), at);
}
