/** A number that a fault is set by. */
export interface FaultAttribute {
  name: string;
  label: string;
  unit: string;
  /** What a form proposes. */
  proposed: number;
}

/** A fault that a run can have on its connections, as people choose it. */
export interface FaultType {
  /** Toxiproxy's name, or one of Hive's own. */
  type: string;
  label: string;
  /** What it does, in one line. */
  does: string;
  /** The only direction that it has; absent: either. */
  only?: 'upstream' | 'downstream';
  attributes: readonly FaultAttribute[];
}

const attribute = (...[name, label, unit, proposed]: [string, string, string, number]): FaultAttribute => ({
  name,
  label,
  unit,
  proposed,
});

/** All faults, in the order in which they are offered. */
export const FAULT_TYPES: readonly FaultType[] = [
  {
    type: 'latency',
    label: 'Latency',
    does: 'Delays everything.',
    attributes: [attribute('latency', 'Latency', 'ms', 100), attribute('jitter', 'Jitter', 'ms', 0)],
  },
  {
    type: 'bandwidth',
    label: 'Bandwidth',
    does: 'Passes at most this much.',
    attributes: [attribute('rate', 'Rate', 'KB/s', 100)],
  },
  {
    type: 'timeout',
    label: 'Timeout',
    does: 'Lets nothing through, and closes the connection after a while; at 0 never.',
    attributes: [attribute('timeout', 'Closes after', 'ms', 1_000)],
  },
  {
    type: 'reset_peer',
    label: 'Reset',
    does: 'Resets connections.',
    attributes: [attribute('timeout', 'Resets after', 'ms', 0)],
  },
  {
    type: 'http_status',
    label: 'Error answers',
    does: "Answers in the service's place; with 0 requests, all of them.",
    only: 'upstream',
    attributes: [attribute('status', 'Status', '', 503), attribute('requests', 'Requests', '', 0)],
  },
  {
    type: 'http_slow_headers',
    label: 'Slow headers',
    does: 'Spreads the head of each message over this time.',
    attributes: [attribute('delay', 'Delay', 'ms', 1_000)],
  },
  {
    type: 'slow_close',
    label: 'Slow close',
    does: 'Holds the end of the connection back.',
    attributes: [attribute('delay', 'Delay', 'ms', 1_000)],
  },
  {
    type: 'slicer',
    label: 'Small pieces',
    does: 'Cuts the stream into pieces.',
    attributes: [
      attribute('average_size', 'Mean size', 'bytes', 64),
      attribute('size_variation', 'Variation', 'bytes', 32),
      attribute('delay', 'Delay', 'µs', 100),
    ],
  },
  {
    type: 'limit_data',
    label: 'Cut off',
    does: 'Closes the connection once this much has passed.',
    attributes: [attribute('bytes', 'Bytes', 'bytes', 10_000)],
  },
];
