import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** What the provider says, beside what is usual. */
export interface Says {
  claims?: Record<string, unknown>;
  /** Instead of what was asked. */
  nonce?: string;
  audience?: string;
  issuer?: string;
  /** Signed with a key that it does not publish. */
  forged?: boolean;
}

export interface Provider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who may choose to sign in on its page, by name, and what it then says of them. */
  people: Map<string, Says>;
  /** Somebody signs in at the address: the query with which their browser is sent back. */
  visit(url: string, says?: Says): string;
  close(): Promise<void>;
}

/** A provider of OpenID Connect on this machine: authorization code with PKCE (S256). */
export async function startProvider(): Promise<Provider> {
  const [key, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(key.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const [clientId, clientSecret] = ['hive', 'a secret of the client'];
  const visits = new Map<string, { asked: URLSearchParams; says: Says }>();
  const people: Provider['people'] = new Map();
  /** The query with which a browser is sent back. */
  const sentBack = (url: string, says: Says): URLSearchParams => {
    const asked = new URL(url, 'http://provider').searchParams;
    const code = randomUUID();
    visits.set(code, { asked, says });
    return new URLSearchParams({ code, state: asked.get('state') ?? '' });
  };
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/.well-known/openid-configuration') {
      return answer(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    }
    if (request.url?.startsWith('/authorize?') === true) {
      const back = new URL(request.url, 'http://provider').searchParams.get('redirect_uri') ?? '';
      const links = [...people].map(
        ([name, says]) => `<p><a href="${back}?${sentBack(request.url ?? '', says).toString()}">I am ${name}</a></p>`,
      );
      const page = `<!doctype html><title>Provider</title><h1>Who are you?</h1>${links.join('')}`;
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    }
    if (request.url === '/keys') return answer(200, { keys: [jwk] });
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => void exchange(new URLSearchParams(body)).then(([status, given]) => answer(status, given)));
  });
  const exchange = async (form: URLSearchParams): Promise<[number, object]> => {
    const visit = visits.get(form.get('code') ?? '');
    visits.delete(form.get('code') ?? '');
    if (form.get('client_secret') !== clientSecret) return [401, { error: 'invalid_client' }];
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isSame = visit?.asked.get('redirect_uri') === form.get('redirect_uri');
    if (visit === undefined || !isSame || visit.asked.get('code_challenge') !== challenge) {
      return [400, { error: 'invalid_grant' }];
    }
    const { asked, says } = visit;
    const token = new SignJWT({ nonce: says.nonce ?? asked.get('nonce'), ...says.claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(says.issuer ?? issuer)
      .setAudience(says.audience ?? clientId)
      .setIssuedAt()
      .setExpirationTime('5m');
    const idToken = await token.sign(says.forged === true ? other.privateKey : key.privateKey);
    return [200, { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: idToken }];
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    clientId,
    clientSecret,
    people,
    visit: (url, says = {}) => sentBack(url, says).toString(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
