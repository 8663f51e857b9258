import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { announceListening, type Listening, listen } from '@verdict/process';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

/** Audience of the access tokens that it gives. */
export const testAudience = 'api://verdict';
/** Client of the dashboard; it proves itself with PKCE and this secret. */
export const dashboardClient = { id: 'dashboard', secret: 'a secret of the dashboard' };
/** An app that acts for itself: its access tokens have the app role `Verdict.Producer`. */
export const producerClient = { id: 'producer-app', secret: 'a secret of the producer' };

/** People by their log-in name, with their app roles; the password is never checked. */
const people: Readonly<Record<string, readonly string[]>> = {
  'olga@example.org': ['Verdict.Admin'],
  'otto@example.org': ['Some.Other.Role'],
};

/**
 * A real OpenID provider (oidc-provider), which stands where Microsoft Entra ID stands. It lets people in with any
 * password on pages of its own. Started again on the same port it has other keys.
 */
export async function startIdentityProvider(options: {
  port?: number;
  redirectUris: readonly string[];
}): Promise<Listening> {
  const server = createServer();
  const listening = await listen(server, { host: '127.0.0.1', port: options.port ?? 0 });
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomBytes(6).toString('hex');
  const provider = new Provider(listening.url, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    clients: [
      {
        client_id: dashboardClient.id,
        client_secret: dashboardClient.secret,
        redirect_uris: [...options.redirectUris],
        token_endpoint_auth_method: 'client_secret_post',
      },
      {
        client_id: producerClient.id,
        client_secret: producerClient.secret,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], profile: ['preferred_username', 'roles'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, roles: people[id] ?? [] }),
    }),
    extraTokenClaims: (_context: unknown, token: { accountId?: string }) =>
      token.accountId === undefined
        ? { roles: ['Verdict.Producer'] }
        : { preferred_username: token.accountId, roles: people[token.accountId] ?? [] },
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => testAudience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'verdict',
          audience: testAudience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
  server.on('request', provider.callback());
  return listening;
}

// Run by itself, with a port and redirect URIs, it serves until its parent goes; the browser tests start it so.
if (import.meta.main) {
  const [wanted, ...redirectUris] = process.argv.slice(2);
  const { port } = await startIdentityProvider({ port: Number(wanted), redirectUris });
  announceListening(port);
  process.once('disconnect', () => process.exit(0));
}
