import { HiveError, nodeName, type RequestClass, type Target, type TargetNode } from '@hive/contract';
import { placeOf, type Place } from '../safety/addresses.js';
import { identityOf } from '../safety/identity.js';
import { createMask } from '../safety/mask.js';
import { isRead } from '../safety/reads.js';
import { resolveSecrets, type Environment } from '../safety/secrets.js';
import { readTls } from '../safety/tls-material.js';
import { ask, type Ask } from './ask.js';
import { causeOf } from './causes.js';
import { loggedIn } from './login.js';

/** One request of a check. */
export interface AskedInTurn {
  node: string;
  /** Name of the request class. */
  request: string;
  /** A whole answer with a status that counts as good. */
  good: boolean;
  /** From the dial to the last byte; null: no whole answer came. */
  ms: number | null;
  /** What was wrong; null: nothing. */
  problem: string | null;
}

interface InTurnOptions {
  target: Pick<Target, 'nodes' | 'requests' | 'insecure'> & Partial<Pick<Target, 'id' | 'identify' | 'tls' | 'auth'>>;
  allowTargets: readonly string[];
  /** Where `${NAME}` in headers, paths and bodies gets its value. */
  environment: Environment;
  /** How many are asked at least; each class that reads is asked once. */
  count: number;
  eachWithinMs: number;
  allWithinMs: number;
  signal: AbortSignal;
  ask?: Ask | undefined;
}

/**
 * Asks for one thing after another, in turn of each node and of each class that reads. Where no class reads, nothing is asked; where a name does
 * not resolve, nothing was good.
 * @throws HiveError `refused_by_safety` before anything is dialled, `validation` for missing secrets.
 */
export async function askInTurn(options: InTurnOptions): Promise<AskedInTurn[]> {
  return askAll(options).catch((error: unknown) => {
    // A name that does not resolve is how a service can be away.
    if (!(error instanceof HiveError && error.code === 'target_unreachable')) throw error;
    const node = options.target.id ?? '';
    const { message: problem } = error;
    return Array.from({ length: options.count }, () => ({ node, request: '', good: false, ms: null, problem }));
  });
}

async function askAll(options: InTurnOptions): Promise<AskedInTurn[]> {
  const { target, allowTargets, environment, ask: send = ask } = options;
  const { requests } = resolveSecrets({ requests: target.requests.filter(isRead) }, environment);
  const places: { node: TargetNode; place: Place }[] = [];
  for (const node of target.nodes) places.push({ node, place: await placeOf(node, allowTargets) });
  const login = await loggedIn({ target, allowTargets, environment, identity: identityOf(target, undefined) });
  const mask = createMask(target, environment, login.secrets);
  const identity = { ...identityOf(target, undefined), ...login.headers };
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.allWithinMs)]);
  const { insecure } = target;
  const tls = readTls(target.tls, environment);
  const withinMs = options.eachWithinMs;
  const asked: AskedInTurn[] = [];
  const count = requests.length === 0 ? 0 : Math.max(options.count, requests.length);
  for (let at = 0; at < count && !options.signal.aborted; at += 1) {
    const request = requests[at % requests.length] as RequestClass;
    // Else two nodes and two classes would always meet in the same pairs.
    const turn = at + Math.floor(at / requests.length);
    const { node, place } = places[turn % places.length] as (typeof places)[number];
    const answer = await send({ node, place, request, identity, insecure, tls, withinMs, signal });
    const cause = causeOf(answer, { ...request, mask, waitedMs: withinMs });
    const good = answer.type === 'answered' && cause?.isError !== true;
    asked.push({
      node: nodeName(node),
      request: request.name,
      good,
      ms: answer.type === 'answered' ? answer.ms : null,
      problem: good ? null : (cause?.problem ?? 'no answer'),
    });
  }
  return asked;
}
