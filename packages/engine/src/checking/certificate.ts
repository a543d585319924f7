import type { Target } from '@hive/contract';
import { tls } from '../built-in.js';
import { placeOf } from '../safety/addresses.js';

const WITHIN_MS = 5_000;
const DAY_MS = 86_400_000;

/**
 * Whole days from `now` until the certificate of the target's nodes ends that ends first; null: none speaks https, or none showed one.
 * @throws HiveError `refused_by_safety`, `target_unreachable` as `placeOf`.
 */
export async function certificateDays(
  nodes: Target['nodes'],
  { allowTargets, now }: { allowTargets: readonly string[]; now: number },
): Promise<number | null> {
  let least: number | null = null;
  for (const node of nodes.filter(({ url }) => url.startsWith('https:'))) {
    const endsAt = await endOf({ ...(await placeOf(node, allowTargets)) }, new URL(node.url).hostname);
    if (endsAt === null) continue;
    const days = Math.floor((endsAt - now) / DAY_MS);
    least = least === null ? days : Math.min(least, days);
  }
  return least;
}

/** When the certificate ends that is shown there, ms since 1970. Whether it is trusted is not asked here. */
function endOf(place: { host: string; port: number } | { path: string }, hostname: string): Promise<number | null> {
  return new Promise((resolve) => {
    const servername = /^[\d.]+$|:/.test(hostname) ? {} : { servername: hostname };
    const socket = tls().connect({ ...place, ...servername, rejectUnauthorized: false });
    const end = (endsAt: number | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(endsAt);
    };
    const timer = setTimeout(() => end(null), WITHIN_MS);
    socket.once('secureConnect', () => {
      const endsAt = Date.parse(socket.getPeerCertificate().valid_to);
      end(Number.isNaN(endsAt) ? null : endsAt);
    });
    socket.once('error', () => end(null));
  });
}
