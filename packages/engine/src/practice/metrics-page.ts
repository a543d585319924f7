import { REQUEST_KINDS, type Counts } from './counts.js';

/** What a node shows of itself. */
export interface NodeFigures {
  id: string;
  inFlight: number;
  waiting: number;
  leakedBytes: number;
  dependencyConnections: number;
  counts: Counts;
}

interface Series {
  name: string;
  type: 'gauge' | 'counter';
  help: string;
  /** One line each: labels beside the node's, and the value. */
  values: [labels: Record<string, string>, value: number][];
}

/** The Prometheus text of `GET /metrics`: the process as a whole, and the node that was asked. */
export function metricsPage(figures: NodeFigures): string {
  return [...processSeries(), ...nodeSeries(figures)].map(text).join('');
}

function processSeries(): Series[] {
  const { user, system } = process.cpuUsage();
  const memory = process.memoryUsage.rss();
  return [
    gauge('process_resident_memory_bytes', 'Resident memory of the process.', [[{}, memory]]),
    counter('process_cpu_seconds_total', 'CPU time of the process.', [[{}, (user + system) / 1e6]]),
  ];
}

function nodeSeries({ id, counts, ...figures }: NodeFigures): Series[] {
  const node = { node: id };
  const one = (value: number): Series['values'] => [[node, value]];
  const kinds = REQUEST_KINDS.map((kind): Series['values'][number] => [{ ...node, class: kind }, counts.byKind[kind]]);
  const tenants = [...counts.byTenant].map(([tenant, count]): Series['values'][number] => [{ ...node, tenant }, count]);
  return [
    gauge('practice_in_flight', 'Requests in a slot.', one(figures.inFlight)),
    gauge('practice_queue', 'Requests waiting for a slot.', one(figures.waiting)),
    counter('practice_served_total', 'Answers after a service time.', one(counts.served)),
    counter('practice_refused_total', 'Answers 503, queue full.', one(counts.refused)),
    counter('practice_requests_total', 'Requests, by class.', kinds),
    counter('practice_tenant_requests_total', 'Requests, by the header x-hive-tenant.', tenants),
    counter('practice_cache_hits_total', 'Cache hits of keyed reads.', one(counts.hits)),
    counter('practice_cache_misses_total', 'Cache misses of keyed reads.', one(counts.misses)),
    counter('practice_body_bytes_received_total', 'Bytes uploaded.', one(counts.bytesReceived)),
    counter('practice_body_bytes_sent_total', 'Bytes of started downloads.', one(counts.bytesSent)),
    gauge('practice_leaked_bytes', 'Memory leaked on purpose, all nodes.', [[{}, figures.leakedBytes]]),
    gauge('practice_dependency_connections', 'Connections to the dependency.', one(figures.dependencyConnections)),
    counter('practice_dependency_failures_total', 'Answers 503, dependency failed.', one(counts.dependencyFailures)),
  ];
}

const gauge = (name: string, help: string, values: Series['values']): Series => ({ name, type: 'gauge', help, values });
const counter = (name: string, help: string, values: Series['values']): Series => ({
  name,
  type: 'counter',
  help,
  values,
});

function text({ name, type, help, values }: Series): string {
  const lines = values.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

/** As the text format asks for. */
const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
