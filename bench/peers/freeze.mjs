// What each tool reports of a server that stands still for one second, at 200 requests/s on 10 connections.
import { median } from './median.mjs';
import { freezing } from './servers.mjs';
import { eachTool, foundTools, installAutocannon } from './tools.mjs';

const RATE = 200;
const CONNECTIONS = 10;
const SERVICE_MS = 5;
const FREEZE_MS = 1_000;

export const defaults = { rounds: 3, seconds: 10 };

export async function measure(stage, { rounds, seconds }) {
  installAutocannon(stage);
  const freezeAt = { serviceMs: SERVICE_MS, afterMs: (seconds / 2) * 1_000, freezeMs: FREEZE_MS };
  const measured = await eachTool(foundTools('rated', stage), rounds, async (tool, { rated }) => {
    const server = await freezing(stage, freezeAt);
    const run = { stage, url: server.url, seconds, connections: CONNECTIONS, rate: RATE };
    const { stdout, stderr } = await stage.timed(rated.command(run), { withinSeconds: seconds + 60 });
    const { freeze, workedMs } = await server.log();
    await server.end();
    if (freeze === null) throw new Error(`it ended before the server stood still: ${stdout.slice(-2_000)} ${stderr}`);
    const p99Ms = rated.read(stdout, run);
    if (!(p99Ms >= 0)) throw new Error(`it reported no p99: ${stdout.slice(-2_000)} ${stderr}`);
    const trueMs = p99OfPlan({ freeze, serviceMs: median(workedMs), seconds, connections: CONNECTIONS });
    process.stdout.write(`${tool}: p99 ${p99Ms.toFixed(1)} ms, true ${trueMs.toFixed(0)} ms\n`);
    return { remark: rated.remark ?? null, p99Ms, trueMs, answered: workedMs.length, freeze };
  });
  const fixed = { rate: RATE, connections: CONNECTIONS, serviceMs: SERVICE_MS, freezeMs: FREEZE_MS };
  return { ...fixed, rounds, seconds, ...measured };
}

/**
 * The p99 that requests sent as planned meet, from the server's log: request i is due at i ÷ rate, takes the first free connection, and is
 * answered after the server's working time, during which the server may stand still.
 */
function p99OfPlan({ freeze, serviceMs, seconds, connections }) {
  const count = RATE * seconds;
  const free = Array.from({ length: Math.min(connections, count) }, () => 0);
  const times = Array.from({ length: count }, (_, index) => {
    const dueMs = (index * 1_000) / RATE;
    const first = free.indexOf(Math.min(...free));
    const sentMs = Math.max(dueMs, free[first]);
    free[first] = answeredAt(sentMs, { freeze, serviceMs });
    return free[first] - dueMs;
  });
  return times.toSorted((a, b) => a - b)[Math.ceil(0.99 * count) - 1];
}

function answeredAt(sentMs, { freeze: { fromMs, untilMs }, serviceMs }) {
  if (sentMs >= fromMs && sentMs < untilMs) return untilMs + serviceMs;
  const doneMs = sentMs + serviceMs;
  return sentMs < fromMs && doneMs > fromMs ? Math.max(doneMs, untilMs) : doneMs;
}

export function table({ runs, rate, seconds }) {
  const rows = [...new Set(runs.map((run) => run.tool))].map((tool) => {
    const own = runs.filter((run) => run.tool === tool);
    const of = (field) => median(own.map((run) => run[field]));
    const planned = rate * seconds;
    const answered = `${Math.round(of('answered')).toLocaleString('en')} of ${planned.toLocaleString('en')}`;
    return [
      tool,
      of('p99Ms').toFixed(of('p99Ms') < 100 ? 1 : 0),
      of('trueMs').toFixed(0),
      own[0].remark === null ? answered : own[0].remark,
    ];
  });
  return { head: ['tool', 'reported p99, ms', 'true p99, ms', 'requests answered'], rows };
}
