import { HiveError } from './errors.js';

const LABEL = /^\w([\w-]{0,61}\w)?$/;
const LONGEST_NAME = 253;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const HEADER = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/;

/** Whether it can be the name of a host: no scheme, no port, no wildcard. */
export function isHostName(text: string): boolean {
  return (
    text.length <= LONGEST_NAME &&
    withoutDot(text)
      .split('.')
      .every((label) => LABEL.test(label))
  );
}

/**
 * Why a request with this Host header is refused, or null when it may pass: to localhost, an address or a name of `allowHosts`, at any port.
 * Whoever owns a name can have it resolve to this machine (DNS rebinding). For the browser, a page of that name is then of the same origin as
 * what answers here, and only the Host header still tells; localhost and addresses resolve to nothing else.
 */
export function refuseHost(header: string | null | undefined, allowHosts: readonly string[]): HiveError | null {
  if (!header) return new HiveError('forbidden_host', 'the request names no host');
  const name = plain(HEADER.exec(header)?.[1] ?? '');
  if (name === 'localhost' || name.endsWith('.localhost') || isAddress(name)) return null;
  if (allowHosts.some((allowed) => plain(allowed) === name)) return null;
  return new HiveError(
    'forbidden_host',
    `this Hive does not answer for the host ${header}`,
    isHostName(name)
      ? { hint: `if this Hive has that name, set HIVE_ALLOW_HOSTS=${[...allowHosts, name].join(',')}` }
      : {},
  );
}

function isAddress(name: string): boolean {
  return IPV4.test(name) || (/^\[[\da-f:.]+\]$/.test(name) && URL.canParse(`http://${name}/`));
}

const plain = (name: string): string => withoutDot(name).toLowerCase();
const withoutDot = (name: string): string => name.replace(/\.$/, '');

/** Whether an address is written as this machine's own: `localhost`, `::1` or 127.x.x.x. No name is looked up. */
export function isLoopbackUrl(text: string): boolean {
  const host = hostOf(text);
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

/** The host of an address, an IPv6 one without its brackets. */
export function hostOf(text: string): string {
  return new URL(text).hostname.replace(/^\[(.*)\]$/, '$1');
}
