import { connect, type OnReadOpts, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { tls } from '../built-in.js';
import type { TlsMaterial } from '../measuring.js';
import type { ResolvedNode } from './nodes.js';

/** Whether a node is spoken to over TLS. */
export const isSecure = ({ tlsName }: Pick<ResolvedNode, 'tlsName'>): boolean => tlsName !== null;

/** Dials a node at its one place. `insecure`: certificates that do not verify are accepted. Some failures of this machine are thrown. */
export function dial(node: ResolvedNode, { insecure, onread }: { insecure: boolean; onread?: OnReadOpts }): Socket {
  const where = { ...node.place, noDelay: true, ...(onread && { onread }) };
  if (!isSecure(node)) return connect(where);
  return tls().connect({
    ...where,
    ...serverName(node),
    ...context(node),
    rejectUnauthorized: !insecure,
    ALPNProtocols: ['http/1.1'],
  });
}

/** A key is read once for all connections to a node. */
const contexts = new WeakMap<TlsMaterial, SecureContext>();

function context({ tls: own }: ResolvedNode): { secureContext?: SecureContext } {
  if (own === null || (own.cert === undefined && own.ca === undefined)) return {};
  let secureContext = contexts.get(own);
  if (secureContext === undefined) {
    const { cert, key, ca } = own;
    secureContext = tls().createSecureContext({ ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) });
    contexts.set(own, secureContext);
  }
  return { secureContext };
}

/** An address may not be sent as a server's name (RFC 6066, 3), but is verified all the same: as the host, where a socket is dialled. */
function serverName({ tlsName, place }: ResolvedNode): { servername?: string; host?: string } {
  const name = tlsName as string;
  if (!/^[\d.]+$|:/.test(name)) return { servername: name };
  return 'path' in place ? { host: name } : {};
}

/** OpenSSL's own reason in a message such as `write EPROTO …:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:…`. */
const REASON = /SSL routines:[^:]*:([^:]+)/;

/** The code of a socket's error: that of Node.js, or `ERR_SSL_…` where Node.js gives one code for all that OpenSSL says. */
export function socketCodeOf({ code = 'UNKNOWN', message }: NodeJS.ErrnoException): string {
  const reason = code === 'EPROTO' ? REASON.exec(message)?.[1] : undefined;
  return reason === undefined ? code : `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
}
