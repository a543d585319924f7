import { headerLines, type Arrivals, type Ceiling, type Shape, type Target } from '@hive/contract';
import { figure } from '../figure.js';

/** Above this share of its ceiling a generator's own delays show in its figures. */
const COMFORTABLE_SHARE = 0.8;
const SHAPE_WORDS: Readonly<Record<Shape, string>> = {
  plain: 'plain',
  tls: 'TLS',
  body: '64 KiB',
  connections: 'newly connected',
};
/** What tells a request's shape. */
type Shaped = Pick<Target, 'nodes'> & Partial<Pick<Target, 'requests'>>;

/** What a generator can send to a target. */
export interface TargetCeiling {
  shape: Shape;
  ratePerSecond: number;
  /** It may be more: the generator was not the bottleneck. */
  atLeast: boolean;
  /** Of how many sending threads that was measured. */
  threads: number;
}

/** What this machine can send to a target, requests/s with this many threads; null: not measured. */
export function ceilingFor(ceiling: Ceiling | null, target: Shaped, threads: number): TargetCeiling | null {
  const shape = shapeOf(target);
  const found = ceiling?.shapes.find((one) => one.shape === shape);
  if (!ceiling || !found || shape === null) return null;
  // Fewer threads send less in proportion; more may not send more, since cores are few.
  const counted = Math.min(threads, ceiling.threads);
  const ratePerSecond = (found.ratePerSecond * counted) / ceiling.threads;
  return { shape, ratePerSecond, atLeast: found.atLeast, threads: counted };
}

/** The dearest shape that a target's requests have; null: one that is not measured. How large answers are is not known before. */
function shapeOf({ nodes, requests = [] }: Shaped): Shape | null {
  const tls = nodes.some(({ url }) => /^https:/i.test(url));
  const closes = requests.some(({ headers }) =>
    headerLines(headers).some(([name, value]) => name.toLowerCase() === 'connection' && /\bclose\b/i.test(value)),
  );
  if (closes) return tls ? null : 'connections';
  return tls ? 'tls' : 'plain';
}

/** The warning for a run that asks for more than the generator can send comfortably; null: none. */
export function warnAboveCeiling(
  run: { arrivals: Arrivals; target: Shaped; threads: number },
  ceiling: Ceiling | null,
): string | null {
  const { arrivals } = run;
  const found = ceilingFor(ceiling, run.target, run.threads);
  if (found === null || ceiling === null || arrivals.model === 'closed') return null;
  const asked = Math.max(...arrivals.stages.flatMap((stage) => [stage.fromPerSecond, stage.toPerSecond]));
  if (asked <= COMFORTABLE_SHARE * found.ratePerSecond) return null;
  const threads = found.threads === 1 ? 'one thread' : `${found.threads} threads`;
  const sends = `${found.atLeast ? 'at least' : 'about'} ${figure(found.ratePerSecond)} ${SHAPE_WORDS[found.shape]}`;
  return `${figure(asked)} requests/s is more than 80 % of what this machine can send: ${sends} requests/s with ${threads} (hive doctor, ${ceiling.measuredAt.slice(0, 10)}). The figures may show the load generator, not the target`;
}

/** The cap of an axis and why it is there: the target's own, or, of a rate that is sent, four fifths of what the generator can send. */
export function capByCeiling(
  own: { cap: number; reason: string },
  axis: { isSentRate: boolean; target: Target; threads: number; ceiling: Ceiling | null },
): { cap: number; reason: string } {
  const found = axis.isSentRate ? ceilingFor(axis.ceiling, axis.target, axis.threads) : null;
  if (found === null || COMFORTABLE_SHARE * found.ratePerSecond >= own.cap) return own;
  const reason = found.atLeast
    ? 'this is 80 % of the highest rate measured on this machine (hive doctor). Measure it again while it is idle, or add threads, to test higher loads'
    : 'this is 80 % of what this machine can send (hive doctor): add threads to test higher loads';
  return { cap: COMFORTABLE_SHARE * found.ratePerSecond, reason };
}
