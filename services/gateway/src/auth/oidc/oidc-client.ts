import { readFile } from 'node:fs/promises';
import { HttpProblem } from '@verdict/process';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';

/** How this gateway is registered with an identity provider. */
export interface OidcClientOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Where the provider sends people back to. */
  readonly redirectUri: string;
  readonly scopes: string;
  /** File with the client's secret. */
  readonly secretFile?: string | undefined;
  /** File with an assertion instead, which is replaced from time to time: a federated credential, no secret at all. */
  readonly assertionFile?: string | undefined;
  /** Gives such an assertion, where no file has one. */
  readonly assertion?: (() => Promise<string>) | undefined;
  readonly monotonicMs: () => number;
}

/** What must be remembered between leaving for the provider and coming back. */
export interface PendingLogIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Sends people to an identity provider and takes them back: authorization code with PKCE (RFC 7636). */
export interface OidcClient {
  begin(): Promise<{ url: string; pending: PendingLogIn }>;
  /** Claims of the id token. Rejects when the provider or the answer is not good. */
  finish(
    query: Readonly<Record<string, string | undefined>>,
    pending: PendingLogIn,
  ): Promise<Record<string, unknown>>;
}

/** What the provider says of itself is read again after this time. */
const rediscoverAfterMs = 12 * 3_600_000;
const timeoutSeconds = 10;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Makes the client; the provider is asked when it is first needed. */
export function oidcClient(options: OidcClientOptions): OidcClient {
  let found: { configuration: Promise<Configuration>; atMs: number } | null = null;
  async function configuration(): Promise<Configuration> {
    const nowMs = options.monotonicMs();
    if (found === null || nowMs - found.atMs > rediscoverAfterMs)
      found = { configuration: discover(options), atMs: nowMs };
    try {
      return await found.configuration;
    } catch (cause) {
      found = null;
      throw new HttpProblem(503, {
        detail: 'The identity provider cannot be reached.',
        retryAfterSeconds: 5,
        cause,
      });
    }
  }
  return {
    async begin() {
      const pending = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
      const url = buildAuthorizationUrl(await configuration(), {
        redirect_uri: options.redirectUri,
        scope: options.scopes,
        response_type: 'code',
        code_challenge: await calculatePKCECodeChallenge(pending.codeVerifier),
        code_challenge_method: 'S256',
        state: pending.state,
        nonce: pending.nonce,
      });
      return { url: url.href, pending };
    },
    async finish(query, { state, nonce, codeVerifier }) {
      const url = new URL(options.redirectUri);
      for (const [name, value] of Object.entries(query))
        if (value !== undefined) url.searchParams.set(name, value);
      const tokens = await authorizationCodeGrant(await configuration(), url, {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      return { ...tokens.claims() };
    },
  };
}

async function discover(options: OidcClientOptions): Promise<Configuration> {
  const { issuer, clientId } = options;
  const insecure = new URL(issuer).protocol === 'http:' ? [allowInsecureRequests] : [];
  return discovery(new URL(issuer), clientId, undefined, clientAuth(options), {
    execute: [...insecure, enableNonRepudiationChecks],
    timeout: timeoutSeconds,
  });
}

/** Files are read at each log-in: they may be replaced. */
function clientAuth({ secretFile, assertionFile, assertion }: OidcClientOptions): ClientAuth {
  const assert =
    assertionFile === undefined ? assertion : async () => (await readFile(assertionFile, 'utf8')).trim();
  if (assert !== undefined)
    return async (_server, client, body) => {
      body.set('client_id', client.client_id);
      body.set('client_assertion_type', assertionType);
      body.set('client_assertion', await assert());
    };
  if (secretFile !== undefined)
    return async (server, client, body, headers) => {
      const secret = (await readFile(secretFile, 'utf8')).trim();
      await ClientSecretPost(secret)(server, client, body, headers);
    };
  return None();
}
