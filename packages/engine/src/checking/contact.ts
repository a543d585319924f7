import {
  HiveError,
  mayWrite,
  nodeName,
  type RequestClass,
  type Target,
  type TargetCheck,
  type TargetNode,
} from '@hive/contract';
import { resolveSecrets, type Environment } from '../safety/secrets.js';
import { placeOf, type Place } from '../safety/addresses.js';
import { checkReachable } from '../safety/reachable.js';
import { createMask } from '../safety/mask.js';
import { isRead } from '../safety/reads.js';
import { identityOf } from '../safety/identity.js';
import { readTls } from '../safety/tls-material.js';
import type { SharedAllowance } from '../allowance.js';
import { ask, type Answer, type Ask } from './ask.js';
import { countedAsk } from './counted-ask.js';
import { loggedIn } from './login.js';
import { causeOf, type Cause } from './causes.js';

/** What a first contact showed. */
export interface Contact {
  /** Every node takes connections, and not every request is turned away. */
  ok: boolean;
  /** Every node takes connections. */
  reachable: boolean;
  checks: TargetCheck[];
  /** Worth knowing before a measurement, each one sentence. */
  warnings: string[];
}

interface ContactOptions {
  target: Pick<Target, 'nodes' | 'requests' | 'safety' | 'insecure'> &
    Partial<Pick<Target, 'id' | 'identify' | 'tls' | 'auth'>>;
  allowTargets: readonly string[];
  /** Where `${NAME}` in headers, paths and bodies gets its value. */
  environment?: Environment;
  /** Send also what writes, where the target allows it. */
  writes?: boolean;
  /** The session that begins with it. */
  sessionId?: string;
  /** What that session may send; null, or absent: anything. */
  allowance?: SharedAllowance | null;
  ask?: Ask;
}

const ALL_WITHIN_MS = 3_000;
const MOST_REQUESTS = 20;
const AT_ONCE = 4;

interface Asked {
  node: TargetNode;
  place: Place;
  request: RequestClass;
  answer: Answer;
  cause: Cause | null;
}

/**
 * One request to each node of each class that reads, at most twenty, four at a time, 3 s in all: does the service answer, and as it should?
 * @throws HiveError `refused_by_safety` before anything is dialled, `validation` for missing secrets, `target_unreachable` for a name that
 * does not resolve, or a node that takes no connection where no class may be asked for.
 */
export async function contact(options: ContactOptions): Promise<Contact> {
  const questions = await questionsOf(options);
  if (questions.length === 0) await checkReachable(options.target.nodes, options.allowTargets);
  const asked = await askAll(questions, options);
  const reachable = !asked.some(({ answer, cause }) => answer.type !== 'answered' && cause?.fatal === true);
  const ok = reachable && !(asked.length > 0 && asked.every(({ cause }) => cause?.fatal === true));
  const troubled = asked.flatMap(({ cause, ...one }) => (cause === null ? [] : [{ ...one, cause }]));
  return {
    ok,
    reachable,
    checks: asked.map(toCheck),
    warnings: troubled.map(
      ({ node, request, cause: { problem, hint } }) => `${nodeName(node)} (${request.name}): ${problem}; ${hint}`,
    ),
  };
}

/**
 * Makes sure that a measurement can begin: every node takes connections, and not every request is turned away (401, 403 or 404, unless
 * `anyStatus`).
 * @throws HiveError `target_unreachable` naming the cause and how to fix it; as {@link contact}.
 */
export async function checkContact(options: ContactOptions & { anyStatus?: boolean }): Promise<Contact> {
  const seen = await contact(options);
  if (seen.ok || (seen.reachable && options.anyStatus === true)) return seen;
  const worst = seen.checks.find((one) => one.problem !== undefined && (seen.reachable || one.status === undefined));
  const { node, problem = '', hint = '' } = worst as TargetCheck;
  const what = seen.reachable ? `cannot be measured: it ${problem} to every request` : `cannot be reached: ${problem}`;
  throw new HiveError('target_unreachable', `${node} ${what}`, {
    hint,
    details: { checks: seen.checks },
  });
}

/** Every node with every class, the heaviest classes first where there are too many. Every address is checked before the first is dialled. */
async function questionsOf({
  target,
  environment = {},
  writes = false,
  allowTargets,
}: ContactOptions): Promise<Pick<Asked, 'node' | 'place' | 'request'>[]> {
  const { requests } = resolveSecrets(target, environment);
  const sent = requests
    .filter((one) => isRead(one) || (writes && mayWrite(target.safety)))
    .toSorted((a, b) => b.weight - a.weight);
  const places: { node: TargetNode; place: Place }[] = [];
  for (const node of target.nodes) places.push({ node, place: await placeOf(node, allowTargets) });
  return sent.flatMap((request) => places.map((one) => ({ ...one, request }))).slice(0, MOST_REQUESTS);
}

async function askAll(
  questions: readonly Pick<Asked, 'node' | 'place' | 'request'>[],
  { target, allowTargets, environment, sessionId, allowance, ask: own = ask }: ContactOptions,
): Promise<Asked[]> {
  const login = await loggedIn({ target, allowTargets, environment, identity: identityOf(target, sessionId) });
  const mask = createMask(target, environment, login.secrets);
  const send = countedAsk(own, allowance ?? undefined);
  const identity = { ...identityOf(target, sessionId), ...login.headers };
  const tls = readTls(target.tls, environment ?? {});
  const { insecure } = target;
  const signal = AbortSignal.timeout(ALL_WITHIN_MS);
  const asked: Asked[] = [];
  let next = 0;
  const askInTurn = async (): Promise<void> => {
    for (let at = next++; at < questions.length; at = next++) {
      const question = questions[at] as (typeof questions)[number];
      const answer = await send({ ...question, identity, insecure, tls, withinMs: ALL_WITHIN_MS, signal });
      asked[at] = {
        ...question,
        answer,
        cause: causeOf(answer, { ...question.request, mask, waitedMs: ALL_WITHIN_MS }),
      };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askInTurn));
  return asked;
}

function toCheck({ node, request, answer, cause }: Asked): TargetCheck {
  return {
    node: nodeName(node),
    request: request.name,
    ...(answer.type === 'answered' ? { status: answer.status, ms: answer.ms } : {}),
    ...(cause === null ? {} : { problem: cause.problem, hint: cause.hint }),
  };
}
