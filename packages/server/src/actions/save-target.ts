import { HiveError, nodeName, toTarget, type Target, type TargetInput, type TargetNode } from '@hive/contract';
import { checkTargetUrl, placeOf } from '@hive/engine';
import { findTarget } from './choose-target.js';
import type { Context } from './context.js';

/**
 * Keeps a new target. Without an id it is named after its address.
 * @throws HiveError `conflict` when the id is taken, `refused_by_safety` for an address that may not be dialled.
 */
export async function createTarget(context: Context, input: TargetInput): Promise<Target> {
  const taken = new Set((await context.store.listTargets()).map((target) => target.id));
  if (input.id !== undefined && taken.has(input.id)) {
    throw new HiveError('conflict', `a target with the id '${input.id}' exists already`, {
      hint: `change it with PUT /api/targets/${input.id}, or choose another id`,
    });
  }
  return keepTarget(context, toTarget(input, freeName(addressName(input), taken)));
}

/**
 * Describes an existing target anew.
 * @throws HiveError `not_found`, `validation` when the body names another id, `refused_by_safety`.
 */
export async function replaceTarget(context: Context, id: string, input: TargetInput): Promise<Target> {
  await findTarget(context, id);
  if (input.id !== undefined && input.id !== id) {
    throw new HiveError('validation', `id: the body says '${input.id}', the path says '${id}'`, {
      hint: 'leave id out of the body, or make them equal',
      details: { problems: [{ field: 'id', message: 'differs from the path' }] },
    });
  }
  return keepTarget(context, toTarget(input, id));
}

/**
 * Makes a target known under its id, whether it was known before or not.
 * @throws HiveError `refused_by_safety` for an address that may not be dialled.
 */
export async function registerTarget(context: Context, input: TargetInput & { id: string }): Promise<Target> {
  return keepTarget(context, toTarget(input, input.id));
}

/**
 * Keeps a target as it is, whether it was known before or not.
 * @throws HiveError `validation` for a password in an address, `refused_by_safety` for an address that may not be dialled.
 */
export async function keepTarget({ store, allowTargets, log }: Context, target: Target): Promise<Target> {
  target.nodes.forEach(refuseCredentials);
  await Promise.all(target.nodes.map((node) => checkAddress(node, allowTargets)));
  await store.saveTarget(target);
  log.info({ target: target.id, nodes: target.nodes.map(nodeName) }, 'target saved');
  return target;
}

/** They would be stored, and shown. */
function refuseCredentials({ url }: TargetNode): void {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return;
  const message = 'has a user or a password, which would be stored';
  throw new HiveError('validation', `url: ${message}`, {
    hint: 'send them as the header authorization of the requests: Basic, and the base64 of user:password in an environment variable HIVE_SECRET_…',
    details: { problems: [{ field: 'url', message }] },
  });
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

function addressName(input: TargetInput): string {
  const [node] = input.nodes ?? [];
  const { hostname, port } = new URL(input.url ?? (node?.url as string));
  const name = (node?.socket ?? `${hostname}${port === '' ? '' : `-${port}`}`).replaceAll(/[^a-z0-9._]+/gi, '-');
  return name.replace(/^[^a-z0-9]+/i, '').slice(0, 55) || 'target';
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}
