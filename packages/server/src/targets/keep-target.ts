import { isDeepStrictEqual } from 'node:util';
import { headerLines, HiveError, nodeName, type Target, type TargetNode } from '@hive/contract';
import { checkTargetUrl, placeOf } from '@hive/engine';
import type { Log } from '../log.js';
import type { Store } from '../store/store.js';

/** Where targets are kept, and which may be dialled. */
export interface TargetPlace {
  store: Store;
  /** Addresses beyond loopback that may be dialled. */
  allowTargets: readonly string[];
  log: Log;
}

/**
 * Keeps a target as it is, whether it was known before or not.
 * @throws HiveError `validation` for a password in an address, `refused_by_safety` for an address that may not be dialled.
 */
export async function keepTarget({ store, allowTargets, log }: TargetPlace, target: Target): Promise<Target> {
  await checkSavable(target, allowTargets);
  await store.saveTarget(target);
  log.info({ target: target.id, nodes: target.nodes.map(nodeName) }, 'target saved');
  return target;
}

/** Keeps the target of results that another process measured, where there is none of its id: results never change a target. */
export async function keepTargetOfResults(
  { store, log }: { store: Pick<Store, 'getTarget' | 'saveTarget'>; log: Log },
  target: Target,
): Promise<void> {
  const stored = await store.getTarget(target.id);
  if (stored === null) {
    await store.saveTarget(target);
    log.info({ target: target.id, nodes: target.nodes.map(nodeName) }, 'target saved');
  } else if (!isDeepStrictEqual(stored, target)) {
    log.info({ target: target.id }, 'results of another description of the target: the stored one is kept');
  }
}

/** They would be stored, and shown. @throws HiveError `validation`. */
function refuseCredentials({ url }: TargetNode): void {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return;
  const message = 'has a user or a password, which would be stored';
  throw new HiveError('validation', `url: ${message}`, {
    hint: 'send them in the authorization header of the requests: Basic and the base64 of user:password, in an environment variable HIVE_SECRET_…',
    details: { problems: [{ field: 'url', message }] },
  });
}

const CONTROL_CHARACTER = /\p{Cc}/u;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** What no request can carry: it would be stored, and refused only when it is sent. @throws HiveError `validation` naming the field. */
function refuseUnsendable({ requests }: Target): void {
  for (const [index, { path, headers }] of requests.entries()) {
    const heads = headerLines(headers).map(([name, value]): [string, string] => [`headers.${name}`, value]);
    const broken = [['path', path] as const, ...heads].find(([, text]) => CONTROL_CHARACTER.test(text));
    const named = Object.keys(headers).find((name) => !HEADER_NAME.test(name));
    const [field, message] =
      broken !== undefined
        ? [broken[0], 'must not contain line breaks or other control characters']
        : [`headers.${named}`, 'is not the name of a header'];
    if (broken === undefined && named === undefined) continue;
    const where = `requests.${index}.${field}`;
    throw new HiveError('validation', `${where}: ${message}`, { details: { problems: [{ field: where, message }] } });
  }
}

/** Whether a description may be stored, and dialled. @throws HiveError as {@link keepTarget}. */
export async function checkSavable(target: Target, allowTargets: readonly string[]): Promise<void> {
  const { nodes, safety, traffic } = target;
  // What a guard asks is dialled too, and who tells the traffic.
  const guards = (safety.guards ?? []).map(({ url, prometheus = '' }) => ({ url: url ?? prometheus, weight: 1 }));
  const prometheus = typeof traffic === 'object' ? [{ url: traffic.prometheus, weight: 1 }] : [];
  const dialled = [...nodes, ...guards, ...prometheus];
  dialled.forEach(refuseCredentials);
  refuseUnsendable(target);
  await Promise.all(dialled.map((node) => checkAddress(node, allowTargets)));
}

/** A name that does not resolve yet may: it is checked again, at its address, whenever it is dialled. */
async function checkAddress(node: TargetNode, allowTargets: readonly string[]): Promise<void> {
  if (node.socket === undefined) checkTargetUrl(node.url, allowTargets);
  try {
    await placeOf(node, allowTargets);
  } catch (error) {
    if (!(error instanceof HiveError && error.code === 'target_unreachable')) throw error;
  }
}
