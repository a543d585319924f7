import { toHiveError, type RequestClass, type Target } from '@hive/contract';
import type { Answer, Ask } from '../../checking/ask.js';
import { causeOf, type Cause } from '../../checking/causes.js';
import { plainMix } from '../../kinds/requests.js';
import { placeOf } from '../../safety/addresses.js';
import { resolveSecrets, type Environment } from '../../safety/secrets.js';

/** What one request by itself needs. */
export interface Alone {
  target: Target;
  ask: Ask;
  signal: AbortSignal;
  allowTargets: readonly string[];
  environment?: Environment | undefined;
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
  const { target, ask, allowTargets, signal, withinMs } = from;
  const request = requestOf(from);
  const [node] = target.nodes;
  let answer: Answer;
  try {
    const place = await placeOf(node!, allowTargets);
    answer = await ask({ node: node!, place, request, insecure: target.insecure, withinMs, signal });
  } catch (error) {
    const { code, message } = toHiveError(error);
    if (code !== 'target_unreachable') throw error;
    answer = { type: 'failed', code, message };
  }
  return { answer, cause: causeOf(answer, request, withinMs) };
}

function requestOf({ target, environment = {}, requestName }: Alone): RequestClass {
  const { requests } = resolveSecrets({ requests: plainMix(target) }, environment);
  const named = requests.find(({ name }) => name === requestName);
  return named ?? (requests.toSorted((a, b) => b.weight - a.weight)[0] as RequestClass);
}
