import type { Smtp } from './channel-type.js';

const USUAL_PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;

/** `smtp://user:password@host:587`; `smtps:` speaks TLS from the beginning, `?security=none` never. Null: it is none. */
export function readSmtpUrl(text: string): Smtp | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port, username, password, searchParams } = new URL(text);
  if ((protocol !== 'smtp:' && protocol !== 'smtps:') || hostname === '') return null;
  const plain = searchParams.get('security') === 'none';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || USUAL_PORTS[protocol],
    security: protocol === 'smtps:' ? 'tls' : plain ? 'none' : 'starttls',
    ...(username !== '' && { user: decodeURIComponent(username), password: decodeURIComponent(password) }),
  };
}
