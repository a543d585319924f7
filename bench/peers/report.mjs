// The tables of kept results, between the markers of docs/beside-others.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [START, END] = ['<!-- peers -->', '<!-- /peers -->'];
const TITLES = {
  cpu: ({ connections, rounds, seconds }) =>
    `CPU per request: ${connections} connections, ${seconds} s, medians of ${rounds} interleaved rounds`,
  freeze: ({ connections, rate, seconds, rounds }) =>
    `A server that stands still for one second: ${rate} requests/s for ${seconds} s on ${connections} connections, medians of ${rounds} rounds`,
  limit: ({ referee, seconds, rounds }) =>
    `What a service can take, requests/s: the referee is \`${referee}\`, steps of ${seconds} s with constant arrivals; \`hive train\` ${rounds} times`,
};

/** `kept`: for each part that was measured its name, result, table (`head`, `rows`) and file. */
export function writeReport(page, kept) {
  if (kept.length === 0) throw new Error('nothing was measured yet');
  const old = readFileSync(page, 'utf8');
  const [before, rest] = old.split(START);
  const text = kept.map(section).join('\n\n');
  writeFileSync(page, `${before}${START}\n\n${text}\n\n${END}${rest.split(END)[1]}`);
  process.stdout.write(`written: ${fileURLToPath(page)}; npm run format formats it\n`);
}

function section({ name, result, table: { head, rows }, file }) {
  const { date, commit, machine, versions } = result;
  const used = Object.entries(versions).map(([tool, version]) => `${tool} ${version}`);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `**${TITLES[name](result)}.** ${date}, commit ${commit}, ${machine.cpu}, ${machine.cores} cores; ${used.join(', ')}. Raw values: \`${file}\`.

${lines.join('\n')}`;
}
