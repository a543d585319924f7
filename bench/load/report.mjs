/** Writes the tables of docs/performance.md (between its markers) and its chart from one file of bench/results. */
import { readFileSync, writeFileSync } from 'node:fs';
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

const page = new URL('docs/performance.md', root);
const [start, end] = ['<!-- results -->', '<!-- /results -->'];
const old = readFileSync(page, 'utf8');
writeFileSync(page, `${old.split(start)[0]}${start}\n\n${text}\n\n${end}${old.split(end)[1]}`);

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
