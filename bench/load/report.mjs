/**
 * Writes the figures of docs/performance.md (between its markers) and its charts from the files of bench/results that belong together.
 *
 * Usage: node bench/load/report.mjs [bench/results/load-<label>.json]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { barChart, lineChart } from './charts.mjs';

const root = new URL('../../', import.meta.url);
const usual = `bench/results/load-${cpus().length}-cores-node-${process.versions.node.split('.')[0]}.json`;
const file = process.argv[2] ?? fileURLToPath(new URL(usual, root));
const result = JSON.parse(readFileSync(file, 'utf8'));

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The other results of this machine, where they were made. */
function other(name) {
  const path = file.replace(/load-([^/]*)\.json$/, `load-${name}-$1.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const chart = (name, svg) => writeFileSync(new URL(`docs/images/${name}.svg`, root), svg);
const ours = (name) => (name.startsWith('hive') ? '#d97706' : '#64748b');

function costText() {
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
Other processes took at most ${(Math.max(...result.runs.map((run) => run.others)) * 100).toFixed(0)} % of one core beside any of these runs; ${result.again === 1 ? '1 run was' : `${result.again} runs were`} made again for that. ${bottleneck} All raw values: \`bench/results/${basename(file)}\`.

${table(head, cells)}

Sending and receiving is the kernel's part, and much the same for all. Beside it, µs a request: ${shown.map(({ tool, cpu, system }) => `${tool} ${(cpu - system).toFixed(2)}`).join(', ')}.`;
}

function featuresText() {
  const features = other('features');
  if (features === null) return '';
  const names = [...new Set(features.runs.map((run) => run.feature))];
  const rows = names.map((name) => [
    name,
    median(features.runs.filter((run) => run.feature === name).map((run) => run.nanoseconds)).toFixed(0),
  ]);
  return `\n\n## What each feature costs\n\n${table(['', 'ns a request'], rows)}\n\nMedians of ${features.rounds} rounds of ${features.requests.toLocaleString('en')} requests, \`node bench/load/features.mjs\`.`;
}

function timingText() {
  const timing = other('timing');
  if (timing === null) return '';
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
  return `\n\n## How punctual sends are\n\nThe open model with Poisson arrivals on an idle core, every run that was made, the best first; beside some the machine had other work (_others_, as a share of one core). _D_ is the greatest distance between the distribution of the gaps and the exponential one (Kolmogorov–Smirnov); at 20,000 gaps chance alone stays below ${critical} in 95 % of the cases. _Late_ is the actual start less the intended one. The CPU is that of the whole process, the time that it only spins included. \`node bench/load/timing.mjs\`.\n\n${table(head, rows)}`;
}

function delayText() {
  const delay = other('known-delay');
  if (delay === null) return '';
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
  return `\n\n## Beside a delay that is known\n\nThe server answers after ${delay.serviceMs} ms and logs its own delays; in the second case it stands still for ${delay.freezeMs} ms in the middle of ${delay.seconds} s. All in ms.\n\n${table(head, rows)}\n\n![The p99 that each tool reports of the freeze](images/performance-freeze.svg)\n\nWhoever sends the next request only when the last answer is in asks nothing while the server stands still, and so reports next to nothing of it. \`hive run -r\` counts from when a request was meant to be sent. \`node bench/load/known-delay.mjs\`, medians.`;
}

function memoryText() {
  const memory = other('memory');
  if (memory === null) return '';
  const { afterOneMinuteMiB, atTheEndMiB, overloadPeakMiB } = memory.summary;
  const lineOf = ({ seen }) => seen.map(({ seconds, residentMiB }) => [seconds, residentMiB]);
  const lines = [
    [`${memory.rate.toLocaleString('en')} requests/s`, '#d97706', lineOf(memory.steady)],
    ['overload', '#64748b', lineOf(memory.overload)],
  ];
  chart('performance-memory', lineChart('Resident memory, MiB, over seconds', lines));
  return `\n\n## Memory\n\nAt ${memory.rate.toLocaleString('en')} requests/s, \`hive run\` held ${afterOneMinuteMiB.toFixed(0)} MiB after one minute and ${atTheEndMiB.toFixed(0)} MiB after ${memory.minutes} minutes. Asking a target for ten times what it takes, for 30 s, it held ${overloadPeakMiB.toFixed(0)} MiB at most. \`node bench/load/memory.mjs\`.\n\n![Resident memory over time](images/performance-memory.svg)`;
}

const page = new URL('docs/performance.md', root);
const [start, end] = ['<!-- results -->', '<!-- /results -->'];
const old = readFileSync(page, 'utf8');
const whole = costText() + featuresText() + timingText() + delayText() + memoryText();
writeFileSync(page, `${old.split(start)[0]}${start}\n\n${whole}\n\n${end}${old.split(end)[1]}`);
process.stdout.write(`written: ${fileURLToPath(page)}; npm run format puts it in form\n`);
