import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { HiveError, type TargetNode } from '@hive/contract';
import ipaddr from 'ipaddr.js';

/** An address that passed the check. It, and not the name, is what must be dialled. */
export interface AllowedAddress {
  address: string;
  family: 4 | 6;
}

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

const LOOKUP_LIMIT_MS = 5_000;
const PROBE_LIMIT_MS = 300;

/** Refused whatever is listed: `range()` names of ipaddr.js. */
const NEVER_RANGES: ReadonlySet<string> = new Set(['linkLocal', 'multicast', 'unspecified', 'broadcast']);
/** Metadata services of clouds that live outside the link-local ranges (AWS, Google, Alibaba, Oracle, Azure). */
const METADATA: ReadonlySet<string> = new Set(
  ['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '192.0.0.192', '168.63.129.16'].map((text) =>
    ipaddr.parse(text).toString(),
  ),
);

/** Where something is dialled: an address and a port, or a unix socket. */
export type Place = { host: string; port: number } | { path: string };

/**
 * Where a node is dialled, resolved once. A unix socket is of this machine and always allowed.
 * @throws HiveError as {@link resolveAllowed}.
 */
export async function placeOf({ url, socket, connect: other }: TargetNode, allow: readonly string[]): Promise<Place> {
  if (socket !== undefined) return { path: socket };
  // What the name in the URL may do says nothing of another address.
  const { hostname, port: text, protocol } = new URL(other === undefined ? url : `http://${other}`);
  const port = Number(text) || (protocol === 'https:' ? 443 : 80);
  return { host: (await resolveAllowed(hostname, port, allow)).address, port };
}

/**
 * Resolves a host once and returns the address to dial. Loopback is always allowed; any other address only when the host
 * name, the address or a CIDR around it is in `allow`; link-local, metadata, multicast, unspecified and broadcast addresses
 * never. A host with addresses of several kinds (`localhost` as 127.0.0.1 and ::1) yields the first allowed one that accepts
 * a connection on `port`, else the first allowed one.
 * @throws HiveError `refused_by_safety` before anything is dialled, `target_unreachable` when the name does not resolve,
 * `validation` when an entry of `allow` is no host name, address or CIDR.
 */
export async function resolveAllowed(host: string, port: number, allow: readonly string[]): Promise<AllowedAddress> {
  const name = canonicalHost(host);
  const allowed = allowedAddresses(name, await resolve(name), allow);
  const [first] = allowed as [AllowedAddress, ...AllowedAddress[]];
  if (allowed.length === 1) return first;
  for (const candidate of allowed) if (await accepts(candidate, port)) return candidate;
  return first;
}

/**
 * Refuses a URL early whose host is *written* as a forbidden address, in any spelling (`0x7f000001`, `0177.0.0.1`,
 * `[::ffff:10.0.0.1]`). A host name passes here: only its resolved address can tell, at connect time.
 * @throws HiveError `refused_by_safety`; `validation` for a bad URL or a bad entry of `allow`.
 */
export function checkTargetUrl(url: string, allow: readonly string[]): void {
  if (!URL.canParse(url))
    throw new HiveError('validation', `'${url}' is not a URL`, { hint: 'write http://host:port' });
  const host = canonicalHost(new URL(url).hostname);
  if (ipaddr.isValid(host)) allowedAddresses(host, [host], allow);
}

/**
 * The pure rule behind {@link resolveAllowed}: which of the addresses a host resolved to may be dialled, in their order.
 * Never empty: one forbidden candidate of the never-allowed ranges refuses all of them, since a name that mixes those with
 * others is a trap.
 * @throws HiveError as {@link resolveAllowed}.
 */
export function allowedAddresses(
  host: string,
  candidates: readonly string[],
  allow: readonly string[],
): AllowedAddress[] {
  const rules = allow.map((entry) => parseRule(entry, 'HIVE_ALLOW_TARGETS'));
  const parsed = candidates.map((text) => ipaddr.process(text.replace(/%.*$/, '')));
  const never = parsed.find((address) => isNever(address));
  if (never) {
    throw new HiveError('refused_by_safety', `${shown(host, never)} is ${describe(never)}, which Hive never dials`, {
      hint: 'no setting allows this address: name another target',
    });
  }
  const allowed = parsed.filter((address) => isLoopback(address) || rules.some((rule) => rule(host, address)));
  if (allowed.length === 0) {
    throw new HiveError('refused_by_safety', `${shown(host, parsed[0] as Address)} is not a loopback address`, {
      hint: `if you are allowed to load it, set HIVE_ALLOW_TARGETS=${host}`,
    });
  }
  return allowed.map(dialled);
}

/** An address as it is dialled. */
export function dialled(address: Address): AllowedAddress {
  return { address: address.toString(), family: address.kind() === 'ipv4' ? 4 : 6 };
}

/** Lower case, no brackets, no trailing dot; numeric spellings of IPv4 become dotted decimal, as the URL standard reads them. */
export function canonicalHost(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  if (ipaddr.IPv6.isValid(bare)) return ipaddr.IPv6.parse(bare).toString();
  const url = `http://${bare}/`;
  if (bare === '' || /[\s/\\@?#:]/.test(bare) || !URL.canParse(url)) {
    throw new HiveError('target_unreachable', `'${host}' is not a host name`, {
      hint: 'check the address of the target',
    });
  }
  return new URL(url).hostname.replace(/\.$/, '');
}

export async function resolve(host: string): Promise<string[]> {
  if (ipaddr.isValid(host)) return [host];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${LOOKUP_LIMIT_MS} ms`)), LOOKUP_LIMIT_MS);
  });
  try {
    const found = await Promise.race([lookup(host, { all: true, order: 'ipv4first' }), late]);
    if (found.length > 0) return found.map((entry) => entry.address);
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw unresolved(host, why, cause);
  } finally {
    clearTimeout(timer);
  }
  throw unresolved(host, 'no address', undefined);
}

function unresolved(host: string, why: string, cause: unknown): HiveError {
  return new HiveError('target_unreachable', `the name '${host}' does not resolve (${why})`, {
    hint: 'check the spelling of the host name and the DNS settings of this machine',
    cause,
  });
}

/** True when something accepts a TCP connection there within a moment. */
function accepts(candidate: AllowedAddress, port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect({ host: candidate.address, port, family: candidate.family, timeout: PROBE_LIMIT_MS });
    const end = (open: boolean) => () => {
      socket.destroy();
      answer(open);
    };
    socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false));
  });
}

type Rule = (host: string, address: Address) => boolean;

/** @throws HiveError `validation` naming the variable where an entry is no host name, address or CIDR. */
export function parseRule(entry: string, variable: string): Rule {
  const text = entry.trim().toLowerCase();
  if (ipaddr.isValidCIDR(text)) {
    const [network, bits] = ipaddr.parseCIDR(text);
    return (_, address) => address.kind() === network.kind() && address.match(network, bits);
  }
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.IPv6.isValid(bare) || ipaddr.IPv4.isValidFourPartDecimal(bare)) {
    const wanted = ipaddr.process(bare).toString();
    return (_, address) => address.toString() === wanted;
  }
  const name = text.replace(/\.$/, '');
  if (!/^(?=.*[a-z])[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(name)) {
    throw new HiveError('validation', `${variable}: '${entry}' is not a host name, an address or a CIDR`, {
      hint: `write, for example, ${variable}=staging.example.org,10.0.0.0/8`,
    });
  }
  return (host) => host === name;
}

function isLoopback(address: Address): boolean {
  return address.range() === 'loopback';
}

export function isNever(address: Address): boolean {
  if (NEVER_RANGES.has(address.range()) || METADATA.has(address.toString())) return true;
  const inner = embedded(address);
  return inner !== null && isNever(inner);
}

/** The IPv4 address that a transition mechanism would carry the packets on to, or null. */
export function embedded(address: Address): ipaddr.IPv4 | null {
  if (address.kind() === 'ipv4') return null;
  const bytes = address.toByteArray();
  const at = (start: number): ipaddr.IPv4 => new ipaddr.IPv4(bytes.slice(start, start + 4));
  const begins = (...prefix: number[]): boolean => prefix.every((byte, index) => bytes[index] === byte);
  if (begins(0x00, 0x64, 0xff, 0x9b)) return at(12); // NAT64, RFC 6052 and RFC 8215
  if (begins(0x20, 0x02)) return at(2); // 6to4, RFC 3056
  if (begins(0x20, 0x01, 0x00, 0x00)) return new ipaddr.IPv4(bytes.slice(12).map((byte) => byte ^ 0xff)); // Teredo, RFC 4380
  if (bytes.slice(0, 12).every((byte) => byte === 0) && address.range() !== 'loopback') return at(12); // IPv4-compatible, RFC 4291
  return null;
}

export function describe(address: Address): string {
  if (address.range() === 'unspecified') return 'the unspecified address';
  if (address.range() === 'multicast') return 'a multicast address';
  if (address.range() === 'broadcast') return 'the broadcast address';
  return 'a link-local or metadata address';
}

export function shown(host: string, address: Address): string {
  return host === address.toString() ? host : `${host} (${address.toString()})`;
}
