import type { Socket } from 'node:net';
import { HiveError } from '@hive/contract';
import { resolveAllowed, type AllowedAddress } from '../safety/addresses.js';
import type { Endpoint } from './endpoints.js';
import { connectTo } from './reading.js';

const CONNECT_LIMIT_MS = 5_000;

/** Opens connections to one upstream, at an address that the address policy allows. */
export interface Dialer {
  /** Refuses a forbidden address; a name that does not resolve yet is no error. @throws HiveError `refused_by_safety`, `validation`. */
  check(): Promise<void>;
  /** @throws HiveError as above, or the socket's error. */
  dial(signal: AbortSignal): Promise<Socket>;
}

/** The address is resolved and checked once, and again after a connection that failed; what was checked is what is dialled. */
export function createDialer(upstream: Endpoint, allow: readonly string[]): Dialer {
  let resolved: Promise<AllowedAddress> | null = null;
  const resolve = (): Promise<AllowedAddress> => {
    resolved ??= resolveAllowed(upstream.host, upstream.port, allow);
    return resolved;
  };
  return {
    async check() {
      try {
        await resolve();
      } catch (error) {
        resolved = null;
        if (!(error instanceof HiveError && error.code === 'target_unreachable')) throw error;
      }
    },
    async dial(signal) {
      try {
        const { address } = await resolve();
        return await open({ host: address, port: upstream.port }, signal);
      } catch (error) {
        resolved = null;
        throw error;
      }
    },
  };
}

function open(endpoint: Endpoint, signal: AbortSignal): Promise<Socket> {
  return new Promise((done, fail) => {
    if (signal.aborted) return fail(new HiveError('aborted', 'the proxy was stopped'));
    const socket = connectTo(endpoint);
    const give = (why: Error): void => void socket.destroy(why);
    const timer = setTimeout(() => give(new Error(`no connection within ${CONNECT_LIMIT_MS} ms`)), CONNECT_LIMIT_MS);
    const stop = (): void => give(new HiveError('aborted', 'the proxy was stopped'));
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.off('error', failed).off('connect', connected);
    };
    const failed = (error: Error): void => {
      settle();
      // Whatever it says after this is nobody's business.
      socket.on('error', () => undefined);
      fail(error);
    };
    const connected = (): void => {
      settle();
      socket.pause();
      done(socket);
    };
    signal.addEventListener('abort', stop);
    socket.on('error', failed).on('connect', connected);
  });
}
