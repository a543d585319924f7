import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { HiveError, type Scenario, type Target } from '@hive/contract';
import { checkSecrets, generateScenario, learnLimits, readScenarioFile, readTls } from '@hive/engine';
import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import { openLearned } from '../learned.js';
import { withStoredSecrets } from '../stored-secrets.js';
import type { RequestOptions } from './request.js';
import { isFile, readTarget } from './target-file.js';

/** Options of a plain run: a scenario says these itself. */
const OWN_LOAD = [
  'connections',
  'requests',
  'rate',
  'duration',
  'arrivals',
  'maxWaiting',
  'stages',
  'think',
  'timeout',
  'warmup',
  'grace',
];

/** A run that a scenario.yaml describes. */
export interface ScenarioRun {
  target: Target;
  scenario: Scenario;
  /** With the stored secrets that the target names. */
  config: CliConfig;
}

interface Around {
  command: Command;
  config: CliConfig;
  dataDirectory: string;
  tell: (text: string) => void;
  /** Where the file names none. */
  seed: number;
}

/**
 * The run that a scenario.yaml describes, of a target that is stored, or of a hive.yaml that it names. Null: the argument is no such file.
 * @throws HiveError `validation`, `not_found`, `refused_by_safety` for a load beyond the caps of the target.
 */
export async function readScenarioRun(
  argument: string,
  given: RequestOptions,
  around: Around,
): Promise<ScenarioRun | null> {
  const text = textOf(argument);
  const described = text === null ? null : await readScenarioFile(text, argument);
  if (described === null) return null;
  refuseLoad(around.command);
  const { target: named, kind, intensity, durationSeconds, faults, seed = around.seed } = described;
  const file =
    named !== undefined && isFile(named) ? await readNamed(resolve(dirname(argument), named), given, around) : null;
  const learned = await openLearned(around);
  let target: Target;
  let scenario: Scenario;
  try {
    target = file?.target ?? storedTarget(named, { argument, targets: await learned.targets() });
    const limit = learnLimits(target, []).find((one) => one.kind === kind);
    if (limit?.status === 'not_applicable')
      throw new HiveError('validation', `${argument}: kind: ${limit.reason ?? `does not apply to ${target.id}`}`);
    const durationMs = durationSeconds === undefined ? undefined : durationSeconds * 1_000;
    const history = await learned.of(target);
    const asked = { intensity, durationMs, faults };
    scenario = generateScenario({ target, kind, intensity, seed, history, asked });
  } finally {
    await learned.close();
  }
  // Of a stored target it is known only now which secrets it names, and whoever reads them opens the same data.
  const config =
    file?.config ?? (await withStoredSecrets(around.config, { ...around, texts: [JSON.stringify(target)] }));
  checkSecrets(target, config.environment);
  readTls(target.tls, config.environment);
  return { target, scenario, config };
}

/** The target of a hive.yaml, and the configuration with the stored secrets that it names. */
async function readNamed(
  path: string,
  given: RequestOptions,
  around: Around,
): Promise<{ target: Target; config: CliConfig }> {
  const config = await withStoredSecrets(around.config, { ...around, texts: [path] });
  const { command } = around;
  return { ...(await readTarget(path, given, { command, environment: config.environment })), config };
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Whoever reads it as a target says why.
    return null;
  }
}

function refuseLoad(command: Command): void {
  const option = command.options.find(
    (one) => OWN_LOAD.includes(one.attributeName()) && command.getOptionValueSource(one.attributeName()) === 'cli',
  );
  if (option === undefined) return;
  throw new HiveError('validation', `${option.short ?? option.long}: a scenario says its load itself`, {
    hint: 'change intensity or durationSeconds in the file, or leave out the option',
  });
}

function storedTarget(
  named: string | undefined,
  { argument, targets }: { argument: string; targets: readonly Target[] },
): Target {
  const found = named === undefined ? targets : targets.filter(({ id }) => id === named);
  const [target] = found;
  if (target !== undefined && found.length === 1) return target;
  const ids = targets.map(({ id }) => id).join(', ');
  const known = ids === '' ? 'no target is stored' : `stored are: ${ids}`;
  throw new HiveError(
    named === undefined ? 'validation' : 'not_found',
    `${argument}: target: ${named === undefined ? 'is missing' : `there is no target '${named}'`}; ${known}`,
    { hint: 'name a stored target, or the path of a hive.yaml' },
  );
}
