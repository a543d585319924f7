/** Writes the tables of docs/performance.md (between its markers) and its chart from one file of bench/results. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const [file] = process.argv.slice(2);
if (!file) throw new Error('Usage: node bench/load/report.mjs bench/results/load-<label>.json');
const root = new URL('../../', import.meta.url);
const result = JSON.parse(readFileSync(file, 'utf8'));

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const tools = [...new Set(result.runs.map((run) => run.tool))];
const of = (tool, field) => result.runs.filter((run) => run.tool === tool).map((run) => run[field]);
const rows = tools.map((tool) => ({
  tool,
  cpu: median(of(tool, 'cpuMicrosPerRequest')),
  least: Math.min(...of(tool, 'cpuMicrosPerRequest')),
  most: Math.max(...of(tool, 'cpuMicrosPerRequest')),
  rate: median(of(tool, 'perSecond')),
  rss: median(of(tool, 'peakRssMiB')),
  busy: median(of(tool, 'serverBusy')),
}));
const hive = rows.find((row) => row.tool === 'hive');
const loads = result.runs.map((run) => run.load1Minute);
const table = [
  '| Tool | CPU per request, µs (range) | Hive ÷ tool | Requests/s | Peak memory, MiB | nginx busy |',
  '| --- | --- | --- | --- | --- | --- |',
  ...rows.map(
    (row) =>
      `| ${row.tool} | ${row.cpu.toFixed(2)} (${row.least.toFixed(2)}–${row.most.toFixed(2)}) | ${(hive.cpu / row.cpu).toFixed(2)} | ${Math.round(row.rate).toLocaleString('en')} | ${row.rss.toFixed(0)} | ${(row.busy * 100).toFixed(0)} % |`,
  ),
].join('\n');
const limited = rows.filter((row) => row.busy > 0.9).map((row) => row.tool);
const bottleneck = limited.length
  ? `nginx was busy more than 90 % of the time under ${limited.join(', ')}: those requests/s are limited by nginx, not by the tool.`
  : 'nginx was busy at most 90 % of the time under every tool.';
const text = `Medians of ${result.rounds} interleaved rounds of ${result.seconds} s, ${result.connections} connections, on ${result.machine.cpu} (${result.machine.cores} cores), Node ${result.versions.node}, autocannon ${result.versions.autocannon}.
The load average was ${Math.min(...loads).toFixed(1)}–${Math.max(...loads).toFixed(1)}. ${bottleneck} All raw values: \`bench/results/${basename(file)}\`.

${table}`;

/** The newest other results of this machine, where they were made. */
function other(name) {
  const path = file.replace(/load-([^/]*)\.json$/, `load-${name}-$1.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

function featuresText() {
  const features = other('features');
  if (features === null) return '';
  const names = [...new Set(features.runs.map((run) => run.feature))];
  const lines = names.map((name) => {
    const ns = median(features.runs.filter((run) => run.feature === name).map((run) => run.nanoseconds));
    return `| ${name} | ${ns.toFixed(0)} |`;
  });
  return `\n\n## What recording costs\n\n| | ns a request |\n| --- | --- |\n${lines.join('\n')}\n\nMedians of ${features.rounds} rounds of ${features.requests.toLocaleString('en')} requests, \`node bench/load/features.mjs\`.`;
}

function delayText() {
  const delay = other('known-delay');
  if (delay === null) return '';
  const told = (tool, freeze, field) =>
    median(delay.runs.filter((run) => run.tool === tool && run.freeze === freeze).map((run) => run[field])).toFixed(1);
  const names = [...new Set(delay.runs.map((run) => run.tool))];
  const lines = names.map((tool) => {
    const cells = [false, true].flatMap((freeze) => [told(tool, freeze, 'p50'), told(tool, freeze, 'p99')]);
    const own = [told(tool, false, 'serverP50'), told(tool, false, 'serverP99')];
    return `| ${tool} | ${cells.slice(0, 2).join(' | ')} | ${own.join(' | ')} | ${cells.slice(2).join(' | ')} |`;
  });
  return `\n\n## Beside a delay that is known\n\nThe server answers after ${delay.serviceMs} ms and logs its own delays; in the second case it stands still for ${delay.freezeMs} ms in the middle of ${delay.seconds} s. All in ms.\n\n| Tool | p50 | p99 | server's p50 | server's p99 | p50 with the freeze | p99 with the freeze |\n| --- | --- | --- | --- | --- | --- | --- |\n${lines.join('\n')}\n\nWhoever sends the next request only when the last answer is in asks nothing while the server stands still, and so reports next to nothing of it. \`hive run -r\` counts from when a request was meant to be sent. \`node bench/load/known-delay.mjs\`, medians.`;
}

function memoryText() {
  const memory = other('memory');
  if (memory === null) return '';
  const { afterOneMinuteMiB, atTheEndMiB, overloadPeakMiB } = memory.summary;
  return `\n\n## Memory\n\nAt ${memory.rate.toLocaleString('en')} requests/s, \`hive run\` held ${afterOneMinuteMiB.toFixed(0)} MiB after one minute and ${atTheEndMiB.toFixed(0)} MiB after ${memory.minutes} minutes. Asking a target for ten times what it takes, it held ${overloadPeakMiB.toFixed(0)} MiB at most. \`node bench/load/memory.mjs\`.`;
}

const page = new URL('docs/performance.md', root);
const [start, end] = ['<!-- results -->', '<!-- /results -->'];
const old = readFileSync(page, 'utf8');
const whole = text + featuresText() + delayText() + memoryText();
writeFileSync(page, `${old.split(start)[0]}${start}\n\n${whole}\n\n${end}${old.split(end)[1]}`);

const widest = Math.max(...rows.map((row) => row.cpu));
const bars = rows.map((row, index) => {
  const y = 40 + index * 30;
  const width = (row.cpu / widest) * 440;
  const fill = row.tool === 'hive' ? '#d97706' : '#64748b';
  return `<text x="90" y="${y + 15}" text-anchor="end">${row.tool}</text><rect x="100" y="${y}" width="${width.toFixed(1)}" height="20" fill="${fill}"/><text x="${(106 + width).toFixed(1)}" y="${y + 15}">${row.cpu.toFixed(1)}</text>`;
});
const height = 50 + rows.length * 30;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 ${height}" font-family="sans-serif" font-size="14" fill="#111827">
<rect width="620" height="${height}" fill="#ffffff"/>
<text x="10" y="22">CPU per request, µs (median; less is better)</text>
${bars.join('\n')}
</svg>
`;
writeFileSync(new URL('docs/images/performance.svg', root), svg);
process.stdout.write(`written: ${fileURLToPath(page)}\n`);
