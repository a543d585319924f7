import { HiveError, type Plan, type RequestClass, type Target } from '@hive/contract';
import { identityOf } from '../safety/identity.js';
import { resolveSecrets, type Environment } from '../safety/secrets.js';
import { readTls } from '../safety/tls-material.js';
import type { LoadOrder, OrderNode } from '../measuring.js';
import { plainMix, sendable } from '../kinds/requests.js';
import { countedApart } from './apart.js';

const TICK_MS = 250;

/**
 * The order that makes a load generator run a scenario on a target. Writes are left out unless the target allows them.
 * @throws HiveError `refused_by_safety` when nothing is left to send.
 */
export function toOrder(from: {
  plan: Plan;
  seed: number;
  target: Target;
  /** Latencies whose slower requests are counted. */
  thresholdsMs: number[];
  /** Which of them are about the first byte of the body. */
  firstByteThresholds?: readonly number[];
  /** A class is judged by itself. */
  classesApart?: boolean;
  allowTargets: readonly string[];
  /** The target's own, or the ways to it through faults. */
  nodes?: readonly OrderNode[];
  /** Where `${NAME}` in headers and bodies gets its value; it is in no other place than the order. Null: it stays as it is written. */
  environment?: Environment | null | undefined;
  sessionId: string;
}): LoadOrder {
  const { plan, seed, target, thresholdsMs, allowTargets, sessionId } = from;
  const nodes = [...(from.nodes ?? target.nodes)];
  const written = { requests: requestsOf(plan, target) };
  const { requests } = from.environment === null ? written : resolveSecrets(written, from.environment ?? {});
  return {
    nodes,
    requests,
    balance: plan.links === undefined ? target.balance : 'round_robin',
    arrivals: plan.arrivals,
    warmupMs: plan.warmupMs,
    durationMs: plan.durationMs,
    timeoutMs: plan.timeoutMs,
    graceMs: plan.graceMs,
    seed,
    thresholdsMs,
    ...(from.firstByteThresholds?.length ? { firstByteThresholds: from.firstByteThresholds } : {}),
    insecure: target.insecure,
    ...tlsOf(target, from.environment),
    ...(target.requestsPerConnection === undefined ? {} : { requestsPerConnection: target.requestsPerConnection }),
    ...(plan.mostRequests === undefined ? {} : { mostRequests: plan.mostRequests }),
    allowTargets: [...allowTargets],
    tickMs: TICK_MS,
    identity: identityOf(target, sessionId),
    ...countedApart(plan, {
      requests,
      nodes,
      nodeHeader: target.nodeHeader,
      classesApart: from.classesApart === true,
    }),
    ...(plan.payloadBytes === undefined ? {} : { payloadBytes: plan.payloadBytes }),
    ...readHeaders(plan, target),
  };
}

/** As it is written where somebody else fills it in. */
function tlsOf({ tls }: Target, environment: Environment | null | undefined): Pick<LoadOrder, 'tls'> {
  const own = environment === null ? tls : readTls(tls, environment ?? {});
  return own === undefined ? {} : { tls: own };
}

/** What is sent: the plan's own requests, else the target's plain mix. @throws HiveError `refused_by_safety`. */
function requestsOf(plan: Plan, target: Target): RequestClass[] {
  const requests =
    plan.requests === undefined
      ? plainMix(target)
      : sendable({ requests: plan.requests, safety: target.safety }).filter(({ weight }) => weight > 0);
  if (requests.length > 0) return requests;
  throw new HiveError('refused_by_safety', `every request of ${target.id} writes, and safety.allowWrites is off`, {
    hint:
      target.safety.environment === 'production'
        ? 'add a GET, HEAD or OPTIONS request: nothing is written to a production target'
        : 'add a GET, HEAD or OPTIONS request, or set safety.allowWrites to true',
  });
}

/** The headers by which caches usually say that they gave the answer. */
const CACHE_HEADERS = ['x-cache', 'cf-cache-status', 'x-proxy-cache', 'x-cache-status', 'age'];

function readHeaders({ cacheHeaders }: Plan, { nodeHeader }: Target): Pick<LoadOrder, 'readHeaders'> {
  if (cacheHeaders === undefined && nodeHeader === null) return {};
  return {
    readHeaders: {
      ...(cacheHeaders === undefined ? {} : { cache: cacheHeaders.length > 0 ? cacheHeaders : CACHE_HEADERS }),
      ...(nodeHeader === null ? {} : { node: nodeHeader }),
    },
  };
}
