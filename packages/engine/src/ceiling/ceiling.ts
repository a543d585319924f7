import type { Arrivals, Ceiling, Shape, Target } from '@hive/contract';
import { figure } from '../figure.js';

/** Above this share of its ceiling a generator's own figures begin to blur. */
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

/** What this machine can send to a target, requests/s with so many threads; null: not measured. */
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
    Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'connection' && /\bclose\b/i.test(value)),
  );
  if (closes) return tls ? null : 'connections';
  return tls ? 'tls' : 'plain';
}

/** What to say of a run that asks for more than the generator sends in comfort; null: nothing. */
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
  return `asked for ${figure(asked)} requests/s: this machine sends ${sends} requests/s with ${threads} (hive doctor, ${ceiling.measuredAt.slice(0, 10)}), and above 80 % of that the figures may be the generator's own`;
}

/** The cap of an axis and why it is there: the target's own, or, of a rate that is sent, four fifths of what the generator can send. */
export function capByCeiling(
  cap: number,
  axis: { isSentRate: boolean; target: Target; threads: number; ceiling: Ceiling | null },
): { cap: number; reason: string } {
  const own = { cap, reason: "raise the target's safety cap to look further" };
  const found = axis.isSentRate ? ceilingFor(axis.ceiling, axis.target, axis.threads) : null;
  if (found === null || COMFORTABLE_SHARE * found.ratePerSecond >= cap) return own;
  const reason = found.atLeast
    ? 'that is 80 % of what this machine was seen to send (hive doctor): measure it again when it is idle, or add threads or another machine, to look further'
    : 'that is 80 % of what this machine can send (hive doctor): add threads or another machine to look further';
  return { cap: COMFORTABLE_SHARE * found.ratePerSecond, reason };
}
