import { HIVE_VERSION, type Target } from '@hive/contract';

/** How Hive names itself to those that it asks. */
export const USER_AGENT = `hive/${HIVE_VERSION}`;

/** The headers by which a target can tell Hive's requests, and those of one session, from others; none where it does not want them. */
export function identityOf(
  { identify }: Partial<Pick<Target, 'identify'>>,
  sessionId?: string,
): Record<string, string> {
  if (identify === false) return {};
  return { 'user-agent': USER_AGENT, ...(sessionId === undefined ? {} : { 'x-hive-session': sessionId }) };
}
