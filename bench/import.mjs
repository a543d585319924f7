/**
 * How long OpenAPI documents take to become a target: 300 operations and 1 MB, made up, or files of your own. Each in a process of its own.
 * Usage, after `npm run build`: node bench/import.mjs [--runs 5] [--keep NAME] [FILE…]
 * With --keep the results go to bench/results/import-NAME.json.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fromOpenApi } from '@hive/engine';

const OPERATIONS = 300;
/** Fields of each body, so that the whole is about 1 MB. */
const FIELDS = 22;

if (process.send !== undefined) await measure(process.argv[2]);
else await main();

async function main() {
  const { values, positionals } = parseArgs({
    options: { runs: { type: 'string', default: '5' }, keep: { type: 'string' } },
    allowPositionals: true,
  });
  const runs = [];
  for (const file of positionals.length > 0 ? positionals : ['made up']) {
    for (let run = 1; run <= Number(values.runs); run++) {
      const child = fork(fileURLToPath(import.meta.url), [file]);
      const [measured] = await once(child, 'message');
      runs.push({ document: basename(file), run, ...measured });
      process.stdout.write(`${JSON.stringify(runs.at(-1))}\n`);
    }
  }
  if (values.keep === undefined) return;
  const machine = {
    cpu: cpus()[0]
      .model.replace(/ .*Processor.*/, '')
      .trim(),
    cores: cpus().length,
  };
  const result = { machine, versions: { node: process.versions.node }, runs };
  writeFileSync(new URL(`results/import-${values.keep}.json`, import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
}

async function measure(file) {
  const text = file === 'made up' ? madeUp() : readFileSync(file, 'utf8');
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  const { target, summary } = await fromOpenApi(text, { seed: 1, serverUrl: 'http://127.0.0.1:1' });
  const { user, system } = process.cpuUsage(cpu);
  process.send({
    bytes: text.length,
    summary,
    requests: target.requests.length,
    seconds: Math.round(performance.now() - from) / 1000,
    cpuSeconds: Math.round((user + system) / 1000) / 1000,
  });
  process.disconnect();
}

/** Half of the operations read; the bodies refer to shared schemas, each of which refers to others. */
function madeUp() {
  const described = (text) => ({ type: 'string', description: `${text} `.repeat(8), maxLength: 200 });
  const schemas = Object.fromEntries(
    Array.from({ length: OPERATIONS }, (_, index) => [
      `Thing${index}`,
      {
        type: 'object',
        required: ['name', 'size'],
        properties: {
          name: { type: 'string', example: `thing ${index}` },
          size: { type: 'integer', minimum: 1, maximum: 900 },
          owner: { $ref: `#/components/schemas/Thing${(index * 7 + 1) % OPERATIONS}` },
          parts: {
            type: 'array',
            items: { $ref: `#/components/schemas/Thing${(index * 11 + 3) % OPERATIONS}` },
            maxItems: 3,
          },
          ...Object.fromEntries(
            Array.from({ length: FIELDS }, (__, field) => [`field${field}`, described(`field ${field}`)]),
          ),
        },
      },
    ]),
  );
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } };
  const responses = { 200: { description: 'done' } };
  const paths = Object.fromEntries(
    Array.from({ length: OPERATIONS / 2 }, (_, index) => {
      const schema = { $ref: `#/components/schemas/Thing${index * 2}` };
      const requestBody = { required: true, content: { 'application/json': { schema } } };
      return [`/things${index}/{id}`, { parameters: [id], get: { responses }, put: { requestBody, responses } }];
    }),
  );
  return JSON.stringify({ openapi: '3.0.3', info: { title: 'Made up', version: '1' }, paths, components: { schemas } });
}
