import { toHiveError, type RequestClass, type Target } from '@hive/contract';
import type { Answer, Ask } from '../../checking/ask.js';
import { causeOf, type Cause } from '../../checking/causes.js';
import { plainMix } from '../../kinds/requests.js';
import type { Safeguards } from '../guarding/safeguards.js';
import { placeOf } from '../../safety/addresses.js';
import { identityOf } from '../../safety/identity.js';
import { createMask } from '../../safety/mask.js';
import { resolveSecrets, type Environment } from '../../safety/secrets.js';
import { readTls } from '../../safety/tls-material.js';

/** What one request by itself needs. */
export interface Alone {
  target: Target;
  ask: Ask;
  signal: AbortSignal;
  sessionId: string;
  allowTargets: readonly string[];
  environment?: Environment | undefined;
  /** What watches over the session, and holds its tokens. */
  safeguards?: Safeguards | undefined;
  /** Name of the request class; absent: the one that is sent most often. */
  requestName?: string | undefined;
}

/** What became of it; `cause`: what stands in the way where it was not answered well. */
export interface AskedAlone {
  answer: Answer;
  cause: Cause | null;
}

/** One request to the first node, with nothing beside it. @throws HiveError `refused_by_safety`. */
export async function askAlone(from: Alone & { withinMs: number }): Promise<AskedAlone> {
  const { target, ask, allowTargets, signal, sessionId, withinMs } = from;
  const request = requestOf(from);
  const authorization = from.safeguards?.authorization;
  const [node] = target.nodes;
  let answer: Answer;
  let isLoggedIn = false;
  try {
    const place = await placeOf(node!, allowTargets);
    const identity = { ...identityOf(target, sessionId), ...(await authorization?.header()) };
    isLoggedIn = true;
    const tls = readTls(target.tls, from.environment ?? {});
    answer = await ask({ node: node!, place, request, identity, insecure: target.insecure, tls, withinMs, signal });
  } catch (error) {
    const { code, message } = toHiveError(error);
    if (code !== 'target_unreachable' || (authorization && !isLoggedIn)) throw error;
    answer = { type: 'failed', code, message };
  }
  const mask = createMask(target, from.environment, authorization?.secrets());
  return { answer, cause: causeOf(answer, { ...request, mask, waitedMs: withinMs }) };
}

function requestOf({ target, environment = {}, requestName }: Alone): RequestClass {
  const { requests } = resolveSecrets({ requests: plainMix(target) }, environment);
  const named = requests.find(({ name }) => name === requestName);
  return named ?? (requests.toSorted((a, b) => b.weight - a.weight)[0] as RequestClass);
}
