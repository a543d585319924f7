import { isIPv6 } from 'node:net';
import { HiveError } from '@hive/contract';
import type { PeopleTable } from '../store/store.js';
import { hashOf } from './secrets.js';

const WINDOW_MS = 60_000;
const MOST_FAILURES = 5;

/**
 * Lets someone try to sign in to an account from a network. Every attempt counts as failed until `succeeded`, so that many at once do not pass.
 * @throws HiveError `too_many_requests` after {@link MOST_FAILURES} within a minute.
 */
export async function beginAttempt(
  people: Pick<PeopleTable, 'addFailure' | 'forgetFailures'>,
  { account, address, nowMs }: { account: string; address: string; nowMs: number },
): Promise<{ succeeded(): Promise<void> }> {
  // Whatever is typed as an account is stored in one length, and says nothing.
  const of = hashOf(`${account} ${networkOf(address)}`);
  const times = { now: new Date(nowMs), since: new Date(nowMs - WINDOW_MS), most: MOST_FAILURES };
  if (!(await people.addFailure(of, times))) {
    throw new HiveError('too_many_requests', 'too many failed attempts to sign in', { hint: 'try again in a minute' });
  }
  return { succeeded: () => people.forgetFailures(of) };
}

/** Of IPv6, whoever has one address has the 2^64 beside it. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('%', 1)[0]?.split('::') ?? [];
  const [before, after] = [head, tail].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: 8 - (before?.length ?? 0) - (after?.length ?? 0) }, () => '0');
  return [...(before ?? []), ...zeros, ...(after ?? [])].slice(0, 4).join(':');
}
