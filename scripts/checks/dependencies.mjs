// Holds the rules of .dependency-cruiser.mjs. With a folder as argument it checks that folder and prints JSON (for the test of the rules).
import { resolve } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config from '../../.dependency-cruiser.mjs';
import { ROOT } from '../bootstrap.mjs';

/** Reads every import under `folder` and holds it against the rules. */
export async function cruiseAt(folder, roots = ['packages', 'test']) {
  process.chdir(folder);
  const { forbidden, options } = config;
  const tsConfig = resolve(folder, options.tsConfig.fileName);
  const { output } = await cruise(
    roots,
    { ...options, tsConfig: { fileName: tsConfig }, ruleSet: { forbidden }, validate: true },
    options.enhancedResolveOptions,
    { tsConfig: extractTSConfig(tsConfig) },
  );
  return output;
}

if (import.meta.filename === process.argv[1]) {
  const folder = process.argv[2];
  const { modules, summary } = await cruiseAt(folder ?? ROOT);
  const violations = summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
  if (folder !== undefined) {
    process.stdout.write(JSON.stringify({ rules: config.forbidden.map((rule) => rule.name), violations }));
  } else {
    report(modules.filter(({ source }) => /^packages\/[^/]+\/src\//.test(source)).length, violations);
  }
}

function report(sources, violations) {
  for (const { rule, from, to } of violations) process.stdout.write(`${rule}: ${from} → ${to}\n`);
  process.stdout.write(`${sources} sources, ${violations.length} violations\n`);
  // A cruiser that cannot read the language sees nothing and is content.
  process.exitCode = violations.length > 0 || sources === 0 ? 1 : 0;
}
