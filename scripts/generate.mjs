// Writes what the repository generates from its own sources: the graph in docs/architecture.md, docs/openapi.json,
// docs/report.schema.json and the routes of the client.
// `--check` writes nothing and fails when something is not fresh.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './bootstrap.mjs';
import { cruiseAt } from './checks/dependencies.mjs';
import { architectureGraph } from './checks/graph.mjs';

const checkOnly = process.argv.includes('--check');
const stale = [];

const page = 'docs/architecture.md';
const { modules } = await cruiseAt(ROOT, ['packages']);
keep(page, withGraph(read(page), architectureGraph(modules)));
keep('packages/contract/src/route-paths.ts', await routePaths());
keep('docs/openapi.json', `${JSON.stringify(await openApi(), null, 2)}\n`);
keep('docs/report.schema.json', `${JSON.stringify(await reportJsonSchema(), null, 2)}\n`);
process.exitCode = stale.length > 0 ? 1 : 0;

function withGraph(text, graph) {
  const marked = /(<!-- graph: begin -->\n)[\s\S]*?(<!-- graph: end -->)/;
  if (!marked.test(text)) throw new Error(`${page} has no marks around the graph`);
  return text.replace(marked, (_, begin, end) => `${begin}\n\`\`\`mermaid\n${graph}\n\`\`\`\n\n${end}`);
}

/** What a client needs of the routes. Without their schemas, which are most of the script that a browser would load. */
async function routePaths() {
  const { ROUTES } = await import('../packages/contract/dist/index.js');
  const lines = Object.entries(ROUTES).map(([name, { method, path }]) => `  ${name}: '${method} ${path}',\n`);
  return `// Written by scripts/generate.mjs from the routes.
import type { RouteName } from './routes.js';

/** Method and path of every route. */
export const ROUTE_PATHS: Readonly<Record<RouteName, string>> = {
${lines.join('')}};
`;
}

/** As the server itself answers it; nothing is listening longer than that. */
async function openApi() {
  const { loadConfig, startServer } = await import('../packages/server/dist/index.js');
  const dataDir = mkdtempSync(join(tmpdir(), 'hive-openapi-'));
  const server = await startServer(loadConfig({}, { dataDir, port: 0, logLevel: 'silent' }));
  try {
    return (await server.app.inject('/openapi.json')).json();
  } finally {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Of the files that `hive report --format json` writes. */
async function reportJsonSchema() {
  const { reportJsonSchema: schemaOf } = await import('../packages/report/dist/index.js');
  return schemaOf();
}

function keep(path, text) {
  if (read(path) === text) return;
  stale.push(path);
  if (checkOnly) process.stdout.write(`${path} is out of date: run \`node scripts/generate.mjs\`\n`);
  else writeFileSync(join(ROOT, path), text);
}

function read(path) {
  const absolute = join(ROOT, path);
  return existsSync(absolute) ? readFileSync(absolute, 'utf8') : '';
}
