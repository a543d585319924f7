// How each tool is called and what it prints. Tools of Debian and npm are expected; the others are used where they are found.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whereIs } from './stage.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const AUTOCANNON = '8.0.0';
const NODE_24 = '24.21.0';
const COMPILE = fileURLToPath(new URL('../../scripts/compile.mjs', import.meta.url));
const UNITS = { us: 0.001, ms: 1, s: 1_000 };

const number = (pattern, text) => Number(pattern.exec(text)?.[1]);
const wrkMs = (text) => {
  const [, value, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  return Number(value) * UNITS[unit];
};
const hive = ({ stage, url }, ...args) =>
  stage.hive('run', ...args, '--json', '--quiet', '--data', join(stage.folder, 'data'), url);
const k6 = (mode, { url, seconds, connections, rate = 0 }) => {
  const values = { MODE: mode, TARGET: url, SECONDS: seconds, CONNECTIONS: connections, RATE: rate };
  const variables = Object.entries(values).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return ['k6', 'run', '--quiet', '--no-usage-report', ...variables, join(HERE, 'k6.js')];
};
const locust = ({ stage, url, seconds, connections, rate = 0 }) =>
  ['env', `USERS=${connections}`, `RATE=${rate}`, 'locust', '--headless', '--skip-log-setup', '--only-summary'].concat(
    ['--locustfile', join(HERE, 'locustfile.py'), '--host', url.slice(0, -1), '--csv', join(stage.folder, 'locust')],
    ['--users', String(connections), '--spawn-rate', String(connections), '--run-time', `${seconds}s`],
  );
/** Locust's own summary: count and p99 of the last line of its CSV, by the names in the head. */
function locustCsv({ stage }) {
  const rows = readFileSync(join(stage.folder, 'locust_stats.csv'), 'utf8').trim().split(/\r?\n/);
  const [head, last] = [rows[0], rows.at(-1)].map((row) => row.split(','));
  return (name) => Number(last[head.indexOf(name)]);
}
const vegetaReport = ({ stage }) =>
  JSON.parse(execFileSync('vegeta', ['report', '-type=json', join(stage.folder, 'vegeta.bin')], { encoding: 'utf8' }));
const vegeta = ({ stage, url, seconds, connections, rate }) =>
  ['vegeta', 'attack', '-targets', stage.write('vegeta.txt', `GET ${url}\n`), '-duration', `${seconds}s`].concat(
    ['-output', join(stage.folder, 'vegeta.bin'), '-rate', String(rate)],
    connections === undefined ? [] : ['-workers', String(connections), '-max-workers', String(connections)],
  );
const oha = ({ url, seconds, connections }, ...args) => [
  'oha',
  '--no-tui',
  '--output-format',
  'json',
  '-z',
  `${seconds}s`,
  '-c',
  String(connections),
  ...args,
  url,
];
const ohaP99 = (text) => JSON.parse(text).latencyPercentiles.p99 * 1_000;

/**
 * `closed`: as many requests as the connections allow. `rated`: at a rate, on no more than these connections. Each has a `command` and reads
 * the number of answered requests, or the p99 in ms, of what the tool printed.
 */
export const TOOLS = {
  hive: {
    package: null,
    installed: () => true,
    closed: {
      command: (run) => hive(run, '-c', String(run.connections), '-d', `${run.seconds}s`, '--grace', '1s'),
      read: (text) => JSON.parse(text).answered,
    },
    rated: {
      command: (run) =>
        hive(run, '-r', `${run.rate}/s`, '--arrivals', 'constant', '-c', `${run.connections}`, '-d', `${run.seconds}s`),
      read: (text) => JSON.parse(text).responseTimeMs.p99,
    },
  },
  [`hive, Node ${NODE_24}`]: {
    package: null,
    installed: (stage) => existsSync(node24(stage)),
    closed: {
      command: (run) => {
        const [, ...args] = TOOLS.hive.closed.command(run);
        return [node24(run.stage), ...args];
      },
      read: (text) => JSON.parse(text).answered,
    },
  },
  wrk: {
    package: 'wrk',
    closed: {
      command: ({ url, seconds, connections }) => ['wrk', '-t1', '-c', `${connections}`, '-d', `${seconds}s`, url],
      read: (text) => number(/(\d+) requests in/, text),
    },
    rated: {
      remark: 'has no rate: each connection asks again at once; it corrects its p99 by itself',
      command: ({ url, seconds, connections }) =>
        ['wrk', '--latency', '-t1', '-c', `${connections}`, '-d', `${seconds}s`].concat(url),
      read: wrkMs,
    },
  },
  hey: {
    package: 'hey',
    closed: {
      command: ({ url, seconds, connections }) => ['hey', '-z', `${seconds}s`, '-c', `${connections}`, url],
      read: (text) => number(/\[200\]\s+(\d+) responses/, text),
    },
    rated: {
      command: ({ url, seconds, connections, rate }) =>
        ['hey', '-z', `${seconds}s`, '-c', `${connections}`, '-q', `${rate / connections}`].concat(url),
      read: (text) => number(/99% in ([\d.]+)/, text) * 1_000,
    },
  },
  ab: {
    package: 'apache2-utils',
    closed: {
      command: ({ url, seconds, connections }) =>
        ['ab', '-q', '-k', '-c', `${connections}`, '-t', `${seconds}`, '-n', '10000000'].concat(url),
      read: (text) => number(/Complete requests:\s+(\d+)/, text),
    },
  },
  h2load: {
    package: 'nghttp2-client',
    closed: {
      command: ({ url, seconds, connections }) =>
        ['h2load', '--h1', '-t1', '-c', `${connections}`, '-D', `${seconds}`].concat(url),
      read: (text) => number(/(\d+) succeeded/, text),
    },
  },
  siege: {
    package: 'siege',
    closed: {
      // It writes a file of settings into the home directory.
      command: ({ stage, url, seconds, connections }) =>
        ['env', `HOME=${stage.folder}`, 'siege', '-b', '-j', '-c', `${connections}`, '-t', `${seconds}S`].concat(url),
      read: (text) => number(/"successful_transactions":\s*(\d+)/, text),
    },
  },
  autocannon: {
    package: null,
    installed: () => true,
    closed: {
      command: ({ stage, url, seconds, connections }) =>
        autocannon(stage, '-c', String(connections), '-d', String(seconds), url),
      read: (text) => JSON.parse(text)['2xx'],
    },
    rated: {
      command: ({ stage, url, seconds, connections, rate }) =>
        autocannon(stage, '-c', String(connections), '-d', String(seconds), '-R', String(rate), url),
      read: (text) => JSON.parse(text).latency.p99,
    },
  },
  locust: {
    package: 'python3-locust',
    closed: { command: locust, read: (_, run) => locustCsv(run)('Request Count') },
    rated: { command: locust, read: (_, run) => locustCsv(run)('99%') },
  },
  vegeta: {
    package: null,
    closed: {
      command: (run) => vegeta({ ...run, rate: 0 }),
      read: (_, run) => vegetaReport(run).status_codes['200'],
    },
    rated: { command: vegeta, read: (_, run) => vegetaReport(run).latencies['99th'] / 1e6 },
  },
  k6: {
    package: null,
    closed: { command: (run) => k6('closed', run), read: (text) => JSON.parse(text).requests },
    rated: { command: (run) => k6('rate', run), read: (text) => JSON.parse(text).p99Ms },
  },
  oha: {
    package: null,
    closed: { command: (run) => oha(run), read: (text) => JSON.parse(text).statusCodeDistribution['200'] },
    rated: { command: (run) => oha(run, '-q', `${run.rate}`), read: ohaP99 },
  },
  'oha --latency-correction': {
    executable: 'oha',
    package: null,
    rated: { command: (run) => oha(run, '-q', `${run.rate}`, '--latency-correction'), read: ohaP99 },
  },
};

/** Commands of the part `limit`. */
export const breakpointTest = { command: (run) => k6('ramp', run), read: (text) => JSON.parse(text).durationMs };
export const vegetaStep = { command: vegeta, read: vegetaReport };

const autocannon = (stage, ...args) =>
  [process.execPath, join(stage.folder, 'node_modules/autocannon/autocannon.js')].concat('-j', ...args);

/** Installs autocannon in the scratch folder, never in the lock file. */
export function installAutocannon(stage) {
  process.stdout.write('installing autocannon in a scratch folder …\n');
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', stage.folder];
  execFileSync('npm', [...args, `autocannon@${AUTOCANNON}`], { stdio: 'ignore', timeout: 300_000 });
}

const node24 = (stage) => join(stage.folder, 'node-24/node_modules/node/bin/node');

/** Installs Node 24 in the scratch folder, from npm's package `node`, and compiles the bundle for it, as a build under it would. */
export function installNode24(stage) {
  process.stdout.write('installing Node 24 in a scratch folder …\n');
  const args = ['install', '--no-audit', '--no-fund', '--prefix', join(stage.folder, 'node-24'), `node@${NODE_24}`];
  try {
    execFileSync('npm', args, { stdio: 'ignore', timeout: 300_000 });
    execFileSync(node24(stage), [COMPILE], { stdio: 'ignore', timeout: 60_000 });
  } catch (error) {
    process.stdout.write(`Node 24 could not be installed: ${error.message}\n`);
  }
}

/** The tools that this part can use. What is missing is said, loudly. */
export function foundTools(part, stage) {
  return Object.entries(TOOLS).filter(([name, tool]) => {
    if (tool[part] === undefined) return false;
    if (tool.installed?.(stage) ?? whereIs(tool.executable ?? name) !== null) return true;
    const how =
      tool.installed !== undefined
        ? 'could not be installed'
        : tool.package === null
          ? 'is neither in Debian nor on npm'
          : `apt-get install ${tool.package}`;
    process.stdout.write(`SKIPPED ${name}: not found (${how})\n`);
    return false;
  });
}

/**
 * `measureOne(name, tool)` for every tool, in interleaved rounds. A tool that fails is named, loudly and in the result, and the others go on:
 * versions of tools differ in what they print.
 */
export async function eachTool(tools, rounds, measureOne) {
  const runs = [];
  const failures = [];
  for (let round = 1; round <= rounds; round++) {
    for (const [name, tool] of tools) {
      try {
        runs.push({ round, tool: name, ...(await measureOne(name, tool)) });
      } catch (error) {
        if (error.isStop) throw error;
        failures.push({ round, tool: name, message: error.message });
        process.stdout.write(`FAILED ${name}: ${error.message}\n`);
      }
    }
  }
  return { runs, failures };
}

/** What was used, in which version. */
export function versions() {
  const used = { node: process.versions.node, autocannon: AUTOCANNON };
  const packages = ['nginx', 'gunicorn', ...Object.values(TOOLS).map((tool) => tool.package)].filter(Boolean);
  for (const name of packages) {
    const version = printed('dpkg-query', ['-W', '-f=${Version}', name]);
    if (version !== '') used[name] = version;
  }
  const ways = { k6: ['version'], vegeta: ['-version'], oha: ['--version'], locust: ['--version'] };
  for (const [name, args] of Object.entries(ways)) {
    const version = /\d[\w.]*/.exec(whereIs(name) === null ? '' : printed(name, args))?.[0];
    if (version !== undefined) used[name] = version;
  }
  return used;
}

function printed(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
