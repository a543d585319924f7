import { HiveError, type Role } from '@hive/contract';
import type * as OpenId from 'openid-client';
import type { PeopleTable } from '../store/store.js';
import type { OidcSettings } from './oidc-settings.js';
import { hashOf, newSecret } from './secrets.js';

const PURPOSE = 'oidc';
/** Long enough to find a second factor. */
const ATTEMPT_MS = 10 * 60_000;
/** A provider that takes a connection and says nothing keeps nobody waiting for longer. */
const ANSWER_SECONDS = 5;
const RANKS: readonly Role[] = ['viewer', 'operator', 'admin'];

/** Someone as the provider describes them. */
export interface OidcPerson {
  /** Issuer and subject: the same for good, whatever else changes. */
  subject: string;
  /** In lower case. Null: the provider tells none. */
  email: string | null;
  isEmailVerified: boolean;
  name: string | null;
  /** The highest role that their claim gives; null: none. */
  role: Role | null;
}

/** Signing in at a provider of OpenID Connect: authorization code with PKCE, state and nonce. */
export interface Oidc {
  /** As people know the provider. */
  name: string;
  roleClaim: string;
  /** Where the browser goes, and the secret with which it ends what it began. @throws HiveError `provider_unreachable`. */
  begin(redirectUri: string): Promise<{ url: string; attempt: string }>;
  /**
   * Who came back, by the query that the provider sent them with. Good once.
   * @throws HiveError `unauthorized` for what was not begun here or does not hold, `provider_unreachable`.
   */
  finish(given: { attempt: string; answer: string }): Promise<OidcPerson>;
}

interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
  redirectUri: string;
}

/** Attempts are in the store: the instance that ends one may be another than the one that began it. */
export function createOidc(
  settings: OidcSettings,
  parts: { people: Pick<PeopleTable, 'putOnce' | 'takeOnce'>; now: () => number },
): Oidc {
  const { people, now } = parts;
  const { issuer, roleClaim } = settings;
  let known: Promise<Provider> | null = null;
  const provider = (): Promise<Provider> => {
    // One that could not be reached is asked again.
    known ??= discover(settings).catch((error: unknown) => {
      known = null;
      throw unreachable(issuer, error);
    });
    return known;
  };
  return {
    name: new URL(issuer).host,
    roleClaim,
    async begin(redirectUri) {
      const { client, configuration } = await provider();
      const [attempt, state, nonce] = [newSecret(), client.randomState(), client.randomNonce()];
      const verifier = client.randomPKCECodeVerifier();
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const data = { state, nonce, verifier, redirectUri } satisfies Attempt;
      await people.putOnce({ hash: hashOf(attempt), purpose: PURPOSE, data, expiresAt: new Date(now() + ATTEMPT_MS) });
      return { url: url.href, attempt };
    },
    async finish({ attempt, answer }) {
      const kept = await people.takeOnce(hashOf(attempt), { purpose: PURPOSE, now: new Date(now()) });
      if (kept === null) {
        throw new HiveError('unauthorized', 'this sign-in was not begun in this browser, was used, or took too long', {
          hint: 'sign in again',
        });
      }
      const { client, configuration } = await provider();
      const { state, nonce, verifier, redirectUri } = kept as unknown as Attempt;
      const address = new URL(redirectUri);
      address.search = answer;
      const tokens = await client
        .authorizationCodeGrant(configuration, address, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        })
        .catch((error: unknown) => {
          throw refusedBy(issuer, error);
        });
      return personOf(tokens.claims() ?? {}, settings);
    },
  };
}

interface Provider {
  client: typeof OpenId;
  configuration: OpenId.Configuration;
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<Provider> {
  // Only who signs in so pays for it.
  const client = await import('openid-client');
  // The signature is checked, too, though the token comes from the provider itself.
  const execute = [client.enableNonRepudiationChecks];
  if (issuer.startsWith('http:')) execute.push(client.allowInsecureRequests);
  const configuration = await client.discovery(
    new URL(issuer),
    clientId,
    undefined,
    clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret),
    { timeout: ANSWER_SECONDS, execute },
  );
  return { client, configuration };
}

/** What is said of a provider that could not be asked. */
function unreachable(issuer: string, error: unknown): HiveError {
  const { message, cause } = error as { message?: string; cause?: { message?: string } };
  return new HiveError(
    'provider_unreachable',
    `${issuer} does not answer as a provider: ${cause?.message ?? message}`,
    {
      hint: 'check HIVE_OIDC_ISSUER, and that the machine of Hive reaches it',
    },
  );
}

/** What is said of an answer that does not hold. What the provider itself says against it is its `error`. */
function refusedBy(issuer: string, error: unknown): HiveError {
  const { code = '', error: refusal, message } = error as { code?: string; error?: string; message?: string };
  if (!code.startsWith('OAUTH_') || code === 'OAUTH_TIMEOUT') return unreachable(issuer, error);
  const what = refusal === undefined ? `sent an answer that does not hold: ${message}` : `refused: ${refusal}`;
  return new HiveError('unauthorized', `${issuer} ${what}`, { hint: 'sign in again' });
}

function personOf(claims: Readonly<Record<string, unknown>>, { roleClaim, roles }: OidcSettings): OidcPerson {
  const textOf = (name: string): string | null => {
    const value = claims[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  const given = valuesOf(claims, roleClaim).flatMap((value) => roles.get(value) ?? []);
  return {
    subject: `${textOf('iss')} ${textOf('sub')}`,
    email: textOf('email')?.toLowerCase() ?? null,
    isEmailVerified: claims['email_verified'] === true,
    name: textOf('name') ?? textOf('preferred_username'),
    role: given.toSorted((one, other) => RANKS.indexOf(other) - RANKS.indexOf(one))[0] ?? null,
  };
}

/** The texts of a claim: of that name, or, with dots, of one within others, such as `realm_access.roles`. */
function valuesOf(claims: Readonly<Record<string, unknown>>, name: string): string[] {
  const within = (found: unknown, part: string): unknown =>
    typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[part] : undefined;
  const found = claims[name] ?? name.split('.').reduce(within, claims);
  return (Array.isArray(found) ? found : [found]).filter((value): value is string => typeof value === 'string');
}
