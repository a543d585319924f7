// What a request costs: every tool in turn, as a fresh process, asks nginx for 26 bytes on 50 connections.
import { median } from './median.mjs';
import { SERVERS } from './servers.mjs';
import { eachTool, foundTools, installAutocannon, installNode24 } from './tools.mjs';

const CONNECTIONS = 50;

export const defaults = { rounds: 5, seconds: 4 };

export async function measure(stage, { rounds, seconds }) {
  installAutocannon(stage);
  installNode24(stage);
  const tools = foundTools('closed', stage);
  const server = await SERVERS['nginx, 26 bytes'](stage);
  const run = { stage, url: server.url, seconds, connections: CONNECTIONS };
  const measured = await eachTool(tools, rounds, async (tool, { closed }) => {
    const { stdout, stderr, ...used } = await stage.timed(closed.command(run), { withinSeconds: seconds + 60 });
    const requests = closed.read(stdout, run);
    if (!(requests > 0)) throw new Error(`it reported no requests: ${stdout.slice(-2_000)} ${stderr}`);
    const microseconds = (used.cpuSeconds / requests) * 1e6;
    process.stdout.write(`${tool}: ${microseconds.toFixed(1)} µs a request, ${requests} requests\n`);
    return { requests, microseconds, ...used };
  });
  await server.end();
  return { connections: CONNECTIONS, rounds, seconds, ...measured };
}

export function table({ runs, seconds }) {
  const of = (tool, field) => runs.filter((run) => run.tool === tool).map((run) => run[field]);
  const hive = median(of('hive', 'microseconds'));
  const rows = [...new Set(runs.map((run) => run.tool))]
    .map((tool) => ({ tool, all: of(tool, 'microseconds') }))
    .toSorted((a, b) => median(a.all) - median(b.all))
    .map(({ tool, all }) => [
      tool,
      `${median(all).toFixed(1)} (${Math.min(...all).toFixed(1)}–${Math.max(...all).toFixed(1)})`,
      (median(all) / hive).toFixed(2),
      Math.round(median(of(tool, 'requests')) / seconds).toLocaleString('en'),
      Math.round(median(of(tool, 'peakMiB'))),
    ]);
  return { head: ['tool', 'CPU per request, µs (range)', '÷ hive', 'requests/s', 'peak memory, MiB'], rows };
}
