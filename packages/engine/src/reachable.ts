import { connect } from 'node:net';
import { HiveError, type TargetNode } from '@hive/contract';
import { resolveAllowed } from './addresses.js';

const CONNECT_LIMIT_MS = 3_000;

/**
 * Makes sure that every node may be dialled and accepts a TCP connection, before a measurement begins.
 * @throws HiveError `refused_by_safety` before anything is dialled, `target_unreachable` naming the node and the cause.
 */
export async function checkReachable(nodes: readonly TargetNode[], allow: readonly string[]): Promise<void> {
  const places = [];
  for (const node of nodes) {
    const url = new URL(node.url);
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    places.push({ url: node.url, port, host: (await resolveAllowed(url.hostname, port, allow)).address });
  }
  await Promise.all(places.map(accepts));
}

function accepts({ url, host, port }: { url: string; host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: CONNECT_LIMIT_MS });
    const fail = (why: string, cause?: Error) => {
      socket.destroy();
      const hint = 'check that the service runs and that the address and port are right';
      reject(new HiveError('target_unreachable', `${url} cannot be reached: ${why}`, { hint, cause }));
    };
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => fail(`no connection within ${CONNECT_LIMIT_MS / 1_000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'ECONNREFUSED' ? 'the connection was refused' : (error.code ?? error.message), error),
    );
  });
}
