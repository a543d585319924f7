/** What a node counts of itself. */
export interface NodeFigures {
  id: string;
  inFlight: number;
  waiting: number;
  served: number;
  refused: number;
}

interface Series {
  name: string;
  type: 'gauge' | 'counter';
  help: string;
  value: number;
  labels?: string;
}

/** The Prometheus text of `GET /metrics`: the process as a whole, and the node that was asked. */
export function metricsPage(figures: NodeFigures): string {
  const { user, system } = process.cpuUsage();
  const memory = process.memoryUsage.rss();
  const labels = `{node="${figures.id}"}`;
  const series: Series[] = [
    { name: 'process_resident_memory_bytes', type: 'gauge', help: 'Resident memory of the process.', value: memory },
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'CPU time of the process.',
      value: (user + system) / 1e6,
    },
    { name: 'practice_in_flight', type: 'gauge', help: 'Requests that hold a slot.', value: figures.inFlight, labels },
    { name: 'practice_queue', type: 'gauge', help: 'Requests that wait for a slot.', value: figures.waiting, labels },
    {
      name: 'practice_served_total',
      type: 'counter',
      help: 'Answers after a service time.',
      value: figures.served,
      labels,
    },
    {
      name: 'practice_refused_total',
      type: 'counter',
      help: 'Answers 503, queue full.',
      value: figures.refused,
      labels,
    },
  ];
  return series.map(text).join('');
}

function text({ name, type, help, value, labels = '' }: Series): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}${labels} ${value}\n`;
}
