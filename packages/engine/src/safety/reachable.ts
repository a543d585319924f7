import { connect } from 'node:net';
import { HiveError, type TargetNode } from '@hive/contract';
import { placeOf, type Place } from './addresses.js';

const CONNECT_LIMIT_MS = 3_000;
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOENT: 'the socket does not exist',
  EACCES: 'this user has no permission to use it',
};

/**
 * Makes sure that every node may be dialled and accepts a connection, before a measurement begins.
 * @throws HiveError `refused_by_safety` before anything is dialled, `target_unreachable` naming the node and the cause.
 */
export async function checkReachable(nodes: readonly TargetNode[], allow: readonly string[]): Promise<void> {
  const places: { name: string; place: Place }[] = [];
  for (const node of nodes) places.push({ name: node.socket ?? node.url, place: await placeOf(node, allow) });
  await Promise.all(places.map(accepts));
}

function accepts({ name, place }: { name: string; place: Place }): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...place, timeout: CONNECT_LIMIT_MS });
    const fail = (why: string, cause?: Error) => {
      socket.destroy();
      const hint = 'check that the service runs and that the address and port are right';
      reject(new HiveError('target_unreachable', `${name} cannot be reached: ${why}`, { hint, cause }));
    };
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => fail(`no connection within ${CONNECT_LIMIT_MS / 1_000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      fail(WORDS[error.code ?? ''] ?? error.code ?? error.message, error);
    });
  });
}
