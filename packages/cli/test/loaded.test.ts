import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { hive } from './hive-process.js';

interface Coverage {
  result: { url: string; functions: { ranges: { startOffset: number; endOffset: number; count: number }[] }[] }[];
}

const BUNDLE = join(import.meta.dirname, '../dist/bundle/hive.cjs');
/** Says at the end of the main thread which of Node's own modules it loaded. */
const BUILT_IN = `data:text/javascript,import{isMainThread}from'node:worker_threads';if(isMainThread)process.on('exit',()=>console.error(process.moduleLoadList.join(';')))`;

/** The modules of those parts of the bundle that ran: the function that runs a part once was called. */
function modulesThatRan({ functions }: Coverage['result'][number]): string[] {
  const parts = JSON.parse(readFileSync(join(BUNDLE, '../parts.json'), 'utf8')) as Record<string, string[]>;
  const called = new Set(functions.flatMap(({ ranges }) => (ranges[0]!.count > 0 ? [ranges[0]!.startOffset] : [])));
  const wrapper = '(function (exports, require, module, __filename, importOutside) { '.length;
  return [...readFileSync(BUNDLE, 'latin1').matchAll(/"\S+\/parts\/(\S+)"\(\) \{/g)]
    .filter(({ index }) => called.has(index + wrapper))
    .flatMap(([, part]) => parts[part as string] ?? []);
}

test('a run loads nothing that it does not need: no database, no server, no YAML, no TLS, no search', async () => {
  const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const folder = mkdtempSync(join(tmpdir(), 'hive-loaded-'));
  try {
    const env = { NODE_V8_COVERAGE: folder, NODE_OPTIONS: `--import "${BUILT_IN}"` };
    const { code, stderr } = await hive(
      ['run', '-d', '200ms', '--quiet', '--json', '--data', join(folder, 'data'), url],
      env,
    );
    // A busy machine makes the run doubtful or not usable; it loads the same.
    expect([0, 90, 99]).toContain(code);
    const results = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage).result);
    const own = results.find((one) => one.url === pathToFileURL(BUNDLE).href || one.url === BUNDLE);
    const ran = modulesThatRan(own!);

    expect(ran).toContain('packages/cli/dist/commands/run.js');
    expect(ran).toContain('packages/engine/dist/execution/execute.js');
    const unneeded =
      /\/server\/|\/contract\/dist\/(routes|client)|\/engine\/dist\/(practice|importing|training|virtual)\/|\/commands\/(?!run)/;
    expect(ran.filter((path) => unneeded.test(path))).toEqual([]);
    expect(results.filter((one) => one.url.includes('/node_modules/'))).toEqual([]);
    expect(stderr.trim().split(';')).toContain('NativeModule net');
    for (const name of ['tls', 'https', 'http2', 'readline', 'sqlite'])
      expect(stderr.trim().split(';')).not.toContain(`NativeModule ${name}`);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
