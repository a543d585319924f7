import { boundsOf, HiveError, hostOf, type Target } from '@hive/contract';
import { newAllowance, whatIsSpent, type SharedAllowance, type Spent } from '../../allowance.js';
import type { Clock } from '../../clock.js';
import { outsideHours } from './safeguards.js';
import { openGuard } from '../../watching/guard.js';

/** What is asked of a target: to find its limits, to take one load as it stands, or whether it carries one. */
export type Purpose = 'train' | 'run' | 'verify';

export interface AdmitOptions {
  target: Target;
  purpose: Purpose;
  /** The host of a production target, as whoever starts the session wrote it. */
  production?: string | undefined;
  clock: Pick<Clock, 'wall'>;
  allowTargets: readonly string[];
  /** What the session has sent before, where it goes on. */
  spent?: Spent | undefined;
}

/**
 * Checks everything that a target's safety settings ask before a session: what it is to its users, its hours, and its guards, each asked once.
 * Returns what the session may send, to be drawn on by whatever sends for it; null: no cap.
 * @throws HiveError `refused_by_safety` with the reason and what helps.
 */
export async function admit(options: AdmitOptions): Promise<SharedAllowance | null> {
  const { target, clock, allowTargets, spent } = options;
  checkEnvironment(options);
  const outside = outsideHours(target, clock.wall());
  if (outside !== null) throw refused(outside, 'start it then, or change safety.hours of the target');
  const bounds = boundsOf(target);
  const allowance = newAllowance(bounds, spent);
  const cap = allowance && whatIsSpent(allowance);
  if (cap !== null) {
    const name = cap === 'max_requests' ? 'maxRequests' : 'maxBadRequests';
    throw refused(
      `the session has reached safety.${name} of ${target.id}`,
      `start another session, or raise safety.${name}`,
    );
  }
  await Promise.all(
    bounds.guards.map(async (one) => {
      const guard = openGuard(one, { allowTargets, insecure: target.insecure });
      const trouble = await guard.ask();
      if (trouble === null) return;
      throw refused(
        `the guard ${guard.name} of ${target.id} is bad already: ${trouble}`,
        'fix what it watches, or correct safety.guards of the target',
      );
    }),
  );
  return allowance;
}

/**
 * What may be done to a production target, and whether its host was named. Others pass.
 * @throws HiveError `refused_by_safety`.
 */
export function checkEnvironment({
  target,
  purpose,
  production,
}: Pick<AdmitOptions, 'target' | 'purpose' | 'production'>): void {
  if (boundsOf(target).environment !== 'production') return;
  const hosts = hostsOf(target);
  if (purpose !== 'verify') {
    throw refused(
      `${target.id} is a production target: only hive verify may load it`,
      `ask whether it carries a rate: hive verify --at 50/s --production ${hosts[0]} hive.yaml`,
    );
  }
  if (production !== undefined && hosts.includes(production.trim().toLowerCase())) return;
  const named = production === undefined ? '' : `, and '${production}' is not its host`;
  throw refused(`${target.id} is a production target${named}`, `name the host to go on: --production ${hosts[0]}`);
}

/** The hosts of a target, each once. */
function hostsOf({ nodes }: Pick<Target, 'nodes'>): string[] {
  return [...new Set(nodes.map(({ url }) => hostOf(url)))];
}

const refused = (message: string, hint: string): HiveError => new HiveError('refused_by_safety', message, { hint });
