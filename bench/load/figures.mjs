/** What docs/performance.md publishes of the files of bench/results that belong together: texts by name, and charts. */
import { existsSync, readFileSync } from 'node:fs';
import { barChart, lineChart } from './charts.mjs';

/** The machine and version whose results are published; those of another are published by naming them here. */
const PUBLISHED = '2-cores-node-20';

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `blocks`: Markdown by name; `charts`: SVG by file. */
export function loadFigures() {
  const charts = {};
  const chart = (name, svg) => (charts[`docs/images/${name}.svg`] = svg);
  const texts = {
    cost: costText(other(null), chart),
    features: featuresText(other('features')),
    timing: timingText(other('timing')),
    delay: delayText(other('known-delay'), chart),
    memory: memoryText(other('memory'), chart),
  };
  const blocks = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null));
  return { page: 'docs/performance.md', blocks, charts };
}

/** Some results of that machine; null: they were not made. */
function other(name) {
  const file = new URL(`../results/load-${name === null ? '' : `${name}-`}${PUBLISHED}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const ours = (name) => (name.startsWith('hive') ? '#d97706' : '#64748b');

function costText(result, chart) {
  const tools = [...new Set(result.runs.map((run) => run.tool))];
  const of = (tool, field) => result.runs.filter((run) => run.tool === tool).map((run) => run[field]);
  const rows = tools.map((tool) => ({
    tool,
    cpu: median(of(tool, 'cpuMicrosPerRequest')),
    least: Math.min(...of(tool, 'cpuMicrosPerRequest')),
    most: Math.max(...of(tool, 'cpuMicrosPerRequest')),
    system: median(result.runs.filter((run) => run.tool === tool).map((run) => (run.systemSeconds / run.count) * 1e6)),
    rate: median(of(tool, 'perSecond')),
    rss: median(of(tool, 'peakRssMiB')),
    busy: median(of(tool, 'serverBusy')),
  }));
  const hive = rows.find((row) => row.tool === 'hive');
  const limited = rows.filter((row) => row.busy > 0.9).map((row) => row.tool);
  const bottleneck = limited.length
    ? `nginx was busy more than 90 % of the time under ${limited.join(', ')}: those requests/s are limited by nginx, not by the tool.`
    : 'nginx was busy at most 90 % of the time under every tool.';
  const shown = rows.filter((row) => row.cpu < 10 * hive.cpu);
  chart(
    'performance',
    barChart(
      'CPU per request, µs (median; less is better)',
      shown.map(({ tool, cpu }) => [tool, cpu, ours(tool)]),
    ),
  );
  const cells = rows.map((row) => [
    row.tool,
    `${row.cpu.toFixed(2)} (${row.least.toFixed(2)}–${row.most.toFixed(2)})`,
    row.system.toFixed(2),
    (hive.cpu / row.cpu).toFixed(2),
    Math.round(row.rate).toLocaleString('en'),
    row.rss.toFixed(0),
    `${(row.busy * 100).toFixed(0)} %`,
  ]);
  const head = [
    'Tool',
    'CPU per request, µs (range)',
    'of it kernel',
    'Hive ÷ tool',
    'Requests/s',
    'Peak memory, MiB',
    'nginx busy',
  ];
  const { machine, versions, rounds, seconds, connections } = result;
  return `Medians of ${rounds} interleaved rounds of ${seconds} s, ${connections} connections, on ${machine.cpu} (${machine.cores} cores), Node ${versions.node}, autocannon ${versions.autocannon}, undici ${versions.undici}, artillery ${versions.artillery}.
Other processes took at most ${(Math.max(...result.runs.map((run) => run.others)) * 100).toFixed(0)} % of one core beside any of these runs; ${result.again === 1 ? '1 run was' : `${result.again} runs were`} made again for that. ${bottleneck} All raw values: \`bench/results/load-${PUBLISHED}.json\`.

${table(head, cells)}

Sending and receiving is the kernel's part, and much the same for all. Beside it, µs a request: ${shown.map(({ tool, cpu, system }) => `${tool} ${(cpu - system).toFixed(2)}`).join(', ')}.`;
}

function featuresText(features) {
  if (features === null) return null;
  const names = [...new Set(features.runs.map((run) => run.feature))];
  const costs = names.map((name) =>
    median(features.runs.filter((run) => run.feature === name).map((run) => run.nanoseconds)),
  );
  const rows = names.map((name, i) => [name, costs[i].toFixed(0), i === 0 ? '' : (costs[i] - costs[0]).toFixed(0)]);
  return `${table(['A run with', 'ns a request', 'more than without'], rows)}\n\nMedians of ${features.rounds} rounds of ${features.requests.toLocaleString('en')} requests.`;
}

function timingText(timing) {
  if (timing === null) return null;
  const rows = timing.runs
    .toSorted((a, b) => b.perSecond - a.perSecond || a.latenessP99Us - b.latenessP99Us)
    .map((run) => [
      `${run.perSecond.toLocaleString('en')}/s`,
      run.sent.toLocaleString('en'),
      run.intendedD.toFixed(4),
      run.sentD.toFixed(4),
      run.latenessP50Us.toFixed(0),
      run.latenessP99Us.toFixed(0),
      run.latenessMaxUs.toFixed(0),
      `${(run.busyShare * 100).toFixed(0)} %`,
      `${(run.others * 100).toFixed(0)} %`,
    ]);
  const head = [
    'rate',
    'sent',
    'D, intended',
    'D, sent',
    'late p50, µs',
    'late p99, µs',
    'latest, µs',
    'CPU',
    'others',
  ];
  const critical = (1.358 / Math.sqrt(20_000)).toFixed(4);
  return `At 20,000 gaps chance alone stays below D = ${critical} in 95 % of the cases.\n\n${table(head, rows)}`;
}

function delayText(delay, chart) {
  if (delay === null) return null;
  const told = (tool, freeze, field) =>
    median(delay.runs.filter((run) => run.tool === tool && run.freeze === freeze).map((run) => run[field]));
  const names = [...new Set(delay.runs.map((run) => run.tool))];
  const columns = [
    [false, 'p50'],
    [false, 'p99'],
    [false, 'serverP50'],
    [false, 'serverP99'],
    [true, 'p50'],
    [true, 'p99'],
  ];
  const rows = names.map((tool) => [tool, ...columns.map(([freeze, field]) => told(tool, freeze, field).toFixed(1))]);
  const frozen = names.map((tool) => [tool, told(tool, true, 'p99'), ours(tool)]);
  chart(
    'performance-freeze',
    barChart(`p99 told of a server that stood still for ${delay.freezeMs} ms in ${delay.seconds} s, ms`, frozen),
  );
  const head = ['Tool', 'p50', 'p99', "server's p50", "server's p99", 'p50 with the freeze', 'p99 with the freeze'];
  return table(head, rows);
}

function memoryText(memory, chart) {
  if (memory === null) return null;
  const { afterOneMinuteMiB, atTheEndMiB, overloadPeakMiB } = memory.summary;
  const lineOf = ({ seen }) => seen.map(({ seconds, residentMiB }) => [seconds, residentMiB]);
  const lines = [
    [`${memory.rate.toLocaleString('en')} requests/s`, '#d97706', lineOf(memory.steady)],
    ['overload', '#64748b', lineOf(memory.overload)],
  ];
  chart('performance-memory', lineChart('Resident memory, MiB, over seconds', lines));
  return `At ${memory.rate.toLocaleString('en')} requests/s, \`hive run\` held ${afterOneMinuteMiB.toFixed(0)} MiB after one minute and ${atTheEndMiB.toFixed(0)} MiB after ${memory.minutes} minutes. Asking a target for ten times what it takes, for 30 s, it held ${overloadPeakMiB.toFixed(0)} MiB at most.`;
}
