import { DEMO_SETTINGS } from '../../src/practice/demo-target.js';
import { practiceSettings } from '../../src/practice/settings.js';
import { halfway, simulate, type Outcome, type Setting } from './simulation.js';

/** A limit of the practice target of `hive up --demo`, as docs/practice-target.md gives it, for `p(99)<250`. */
export interface DocumentedLimit {
  name: string;
  documented: number;
  /** L50(30 s) from `runs` simulated runs at each step. */
  simulated: (runs: number) => number;
}

const settings = practiceSettings(DEMO_SETTINGS);
const demo = {
  nodes: settings.nodes,
  workers: settings.workers,
  distribution: settings.distribution,
  latencyMs: 250,
};
const read = (ratePerSecond: number): Setting['streams'][number] => ({
  ratePerSecond,
  meanMs: settings.serviceMs,
  judged: true,
});
const report = (ratePerSecond: number): Setting['streams'][number] => ({
  ratePerSecond,
  meanMs: settings.heavyServiceMs,
  judged: false,
});

function search(
  range: { low: number; high: number },
  at: (intensity: number) => Setting,
  bad: (outcome: Outcome) => number = ({ all }) => all,
): (runs: number) => number {
  return (runs) =>
    halfway({
      ...range,
      runs,
      allowedShare: 0.01,
      precision: 0.002,
      bad: (intensity, seed) => bad(simulate(at(intensity), seed)),
    });
}

const load = (ratePerSecond: number): Setting => ({ ...demo, streams: [read(ratePerSecond)] });
const crowded =
  (protectedRate: number) =>
  (ratePerSecond: number): Setting => ({
    ...demo,
    streams: [read(protectedRate), report(ratePerSecond)],
  });
const slowClients =
  (base: number) =>
  (addedMs: number): Setting => ({ ...demo, addedMs, streams: [read(base)] });
const slowDependency =
  (base: number) =>
  (addedMs: number): Setting => ({
    ...demo,
    streams: [read(base)],
    pool: { connections: settings.dependencyConnections, holdMs: addedMs + settings.dependencyDelayMs },
  });

export const DEMO_LIMITS: DocumentedLimit[] = [
  { name: 'load_balancing, all requests', documented: 397, simulated: search({ low: 340, high: 420 }, load) },
  {
    name: 'load_balancing, every node',
    documented: 397,
    simulated: search({ low: 340, high: 420 }, load, ({ worstNode }) => worstNode),
  },
  { name: 'resource_allocation beside 50/s', documented: 95, simulated: search({ low: 20, high: 130 }, crowded(50)) },
  { name: 'resource_allocation beside 195/s', documented: 53, simulated: search({ low: 20, high: 90 }, crowded(195)) },
  {
    name: 'network_latency to clients at 20/s',
    documented: 220,
    simulated: search({ low: 100, high: 260 }, slowClients(20)),
  },
  {
    name: 'network_latency to clients at 195/s',
    documented: 218,
    simulated: search({ low: 100, high: 260 }, slowClients(195)),
  },
  {
    name: 'network_latency to the dependency at 20/s',
    documented: 215,
    simulated: search({ low: 100, high: 260 }, slowDependency(20)),
  },
  {
    name: 'network_latency to the dependency at 195/s',
    documented: 190,
    simulated: search({ low: 100, high: 260 }, slowDependency(195)),
  },
];
