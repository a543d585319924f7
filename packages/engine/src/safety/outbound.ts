import { HiveError } from '@hive/contract';
import ipaddr from 'ipaddr.js';
import {
  canonicalHost,
  describe,
  dialled,
  embedded,
  isNever,
  parseRule,
  resolve,
  shown,
  type Address,
  type AllowedAddress,
} from './addresses.js';

const VARIABLE = 'HIVE_ALLOW_CHANNELS';

/** What messages may be sent to beyond public addresses: those named; `all` where whoever runs the machine wrote the address himself. */
export type OutboundAllow = readonly string[] | 'all';

/**
 * Resolves once where a message goes, and returns the addresses to dial. Public ones are allowed, others only if named; link-local and metadata
 * addresses never. What may be loaded has no say in it, nor the other way round.
 * @throws HiveError `refused_by_safety` before anything is dialled, `target_unreachable` when the name does not resolve, `validation` when an
 * entry of `allow` is no host name, address or CIDR.
 */
export async function resolveOutbound(host: string, allow: OutboundAllow): Promise<AllowedAddress[]> {
  const name = canonicalHost(host);
  return outboundAddresses(name, await resolve(name), allow);
}

/** The pure rule behind {@link resolveOutbound}; never empty. @throws HiveError likewise. */
export function outboundAddresses(host: string, candidates: readonly string[], allow: OutboundAllow): AllowedAddress[] {
  const rules = allow === 'all' ? [() => true] : allow.map((entry) => parseRule(entry, VARIABLE));
  const parsed = candidates.map((text) => ipaddr.process(text.replace(/%.*$/, '')));
  const never = parsed.find((address) => isNever(address));
  if (never)
    throw new HiveError('refused_by_safety', `${shown(host, never)} is ${describe(never)}, which Hive never dials`, {
      hint: 'no setting allows this address: name another one',
    });
  const allowed = parsed.filter((address) => isPublic(address) || rules.some((rule) => rule(host, address)));
  if (allowed.length > 0) return allowed.map(dialled);
  throw new HiveError('refused_by_safety', `${shown(host, parsed[0] as Address)} is not a public address`, {
    hint: `if messages may go there, set ${VARIABLE}=${host}`,
  });
}

/** Whether the whole internet could be meant: no address of this machine, a private network, or one that carries packets on to such. */
function isPublic(address: Address): boolean {
  const inner = embedded(address);
  return inner === null ? address.range() === 'unicast' : isPublic(inner);
}
