import { DIFFICULTIES, EXIT, KINDS, type Difficulty, type Kind, type Limit, type Scenario } from '@hive/contract';
import { generateScenario, learnLimits } from '@hive/engine';
import { Option, type Command } from 'commander';
import { intensityOption, wholeOption } from '../arguments/option.js';
import type { RequestOptions } from '../arguments/request.js';
import { addRequestOptions, addSharedOptions, kindsHelp, type SharedOptions } from '../arguments/shared-options.js';
import { readTarget } from '../arguments/target-file.js';
import { loadCliConfig } from '../config.js';
import { readLearned } from '../learned.js';
import { notApplicableText, scenarioText } from '../print/scenario.js';
import { createTerminal } from '../print/terminal.js';

interface GenerateOptions extends RequestOptions, SharedOptions {
  kind?: Kind;
  difficulty: Difficulty;
  intensity?: number;
  seed: number;
}

const EXAMPLES = `
Examples:
  hive generate hive.yaml                                 a scenario of each kind, and which kinds do not apply
  hive generate --kind load_balancing --difficulty hard http://127.0.0.1:8080/
  hive generate --kind network_latency --intensity 80 hive.yaml
  hive generate --kind fault_tolerance --seed 7 --json hive.yaml

No request is sent. The same target, kind, intensity and seed give the same scenario.
${kindsHelp()}`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('<url>', 'the service, or a hive.yaml that describes it')
    .addOption(new Option('--kind <kind>', 'one kind (default: all eight)').choices(KINDS))
    .addOption(
      new Option('--difficulty <label>', 'relative to the learned limit of this service')
        .choices(DIFFICULTIES)
        .default('medium')
        .conflicts('intensity'),
    )
    .option('--intensity <n>', "load in the kind's own unit; needs --kind", intensityOption)
    .option('--seed <n>', 'seed for the random choices', wholeOption(0, 0xffff_ffff), 1)
    .addHelpText('after', EXAMPLES)
    .action(async (url: string, options: GenerateOptions) => done(await generate(url, options, command)));
  addSharedOptions(addRequestOptions(command));
}

async function generate(url: string, given: GenerateOptions, command: Command): Promise<number> {
  const config = loadCliConfig();
  const json = given.json === true;
  const terminal = createTerminal({ ...config, json, quiet: given.quiet === true });
  const { target, options } = await readTarget(url, given, { command, environment: config.environment });
  const { kind: asked, intensity, difficulty, seed } = options;
  if (intensity !== undefined && asked === undefined) {
    command.error("error: option '--intensity <n>' needs '--kind <kind>': each kind has its own unit");
  }
  const tell = (text: string): void => terminal.progress(`hive: ${text}`);
  const history = await readLearned({ target, dataDirectory: options.data ?? config.dataDirectory, config, tell });
  const reasons = new Map(learnLimits(target, []).flatMap(reasonAgainst));
  const scenarios: Scenario[] = [];
  const notApplicable: { kind: Kind; reason: string }[] = [];
  for (const kind of asked === undefined ? KINDS : [asked]) {
    const reason = reasons.get(kind);
    if (reason === undefined) {
      const place = intensity === undefined ? { difficulty } : { intensity };
      scenarios.push(generateScenario({ target, kind, ...place, seed, history }));
    } else notApplicable.push({ kind, reason });
  }
  if (json) {
    const report = { version: 1, target: target.id, scenarios, not_applicable: notApplicable };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
  const { colors } = terminal;
  const texts = [
    ...scenarios.map((scenario) => scenarioText(scenario, { asked: intensity, colors })),
    ...notApplicable.map((one) => notApplicableText(one, colors)),
  ];
  terminal.print(texts.map((lines) => lines.join('\n')).join('\n\n'));
  return scenarios.length > 0 ? EXIT.passed : EXIT.configuration;
}

function reasonAgainst({ kind, status, reason }: Limit): [Kind, string][] {
  return status === 'not_applicable' && reason !== undefined ? [[kind, reason]] : [];
}
