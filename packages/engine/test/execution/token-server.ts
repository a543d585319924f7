import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A service that wants tokens, and gives them. */
export interface TokenServer {
  url: string;
  /** Bodies of the logins. */
  logins: string[];
  /** Answers by status, without those of logins. */
  statuses: Record<number, number>;
  /** Every token it gave. */
  given: string[];
  /** Tokens by which it was asked for something. */
  used: Set<string>;
  /** No token given so far is good any more. */
  revoke(): void;
  /** How it answers logins from now on; null: as it should. */
  login: ((response: ServerResponse) => void) | null;
  close(): Promise<void>;
}

/** `rotates`: a new token ends the life of the one before it. */
export async function startTokenServer(of: { seconds: number; rotates?: boolean }): Promise<TokenServer> {
  const good = new Map<string, number>();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    if (request.url === '/oauth/token') return void logIn(request, response);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    own.used.add(token);
    const status = (good.get(token) ?? 0) > performance.now() ? 200 : 401;
    own.statuses[status] = (own.statuses[status] ?? 0) + 1;
    response.writeHead(status).end(status === 200 ? 'ok' : `{"error":"bad token ${token}"}`);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  async function logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of request) body += String(part);
    own.logins.push(body);
    if (own.login !== null) return own.login(response);
    const fields = new URLSearchParams(body);
    if (fields.get('client_secret') !== 'top-secret-4711') return void response.writeHead(401).end('{"error":"who?"}');
    if (of.rotates === true) good.clear();
    const token = `tok-${fields.get('client_id')}-${own.given.length}-abcdef`;
    own.given.push(token);
    good.set(token, performance.now() + of.seconds * 1_000);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: of.seconds }));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own: TokenServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logins: [],
    statuses: {},
    given: [],
    used: new Set(),
    revoke: () => good.clear(),
    login: null,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return own;
}

/** The target of such a service. */
export const AUTH = {
  request: {
    path: '/oauth/token',
    form: { grant_type: 'client_credentials', client_id: 'shop', client_secret: '${HIVE_SECRET_KEY}' },
  },
};
export const SECRETS = { HIVE_SECRET_KEY: 'top-secret-4711' };
