import { isIP } from 'node:net';
import { HiveError } from '@hive/contract';
import ipaddr from 'ipaddr.js';

export interface Endpoint {
  host: string;
  port: number;
}

/** `host:port` as people and Toxiproxy's clients write it; IPv6 in brackets. */
export function endpointText({ host, port }: Endpoint): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/**
 * Where a proxy listens: `host:port`, `:port`, or nothing for a free port. Only loopback: what is behind a proxy would
 * otherwise be open to the network.
 * @throws HiveError `validation`, or `refused_by_safety` for an address that is not loopback.
 */
export function parseListen(text: string): Endpoint {
  const { host, port } = parseEndpoint('listen', text === '' ? ':0' : text);
  const name = host === '' || host.toLowerCase() === 'localhost' ? '127.0.0.1' : host;
  if (!ipaddr.isValid(name) || ipaddr.process(name).range() !== 'loopback') {
    throw new HiveError('refused_by_safety', `listen ${text}: a fault proxy listens on loopback addresses only`, {
      hint: `write 127.0.0.1:${port}`,
    });
  }
  return { host: name, port };
}

/** Where a proxy leads: `host:port`. @throws HiveError `validation`. */
export function parseUpstream(text: string): Endpoint {
  const endpoint = parseEndpoint('upstream', text);
  if (endpoint.host !== '' && endpoint.port > 0) return endpoint;
  throw new HiveError('validation', `bad request body: upstream '${text}' must be host:port`);
}

function parseEndpoint(field: string, text: string): Endpoint {
  const match = /^(?:\[([^\]]*)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match && port <= 65_535) return { host: match[1] ?? match[2] ?? '', port };
  throw new HiveError('validation', `bad request body: ${field} '${text}' must be host:port`);
}
