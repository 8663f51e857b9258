import { TokenRequest, TokenResponse } from '@verdict/contracts';
import { defineRoute, type Route } from '@verdict/process';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { type LogInParts, logIn } from './log-in.ts';
import { type TokenIssuer, tokenLifetimeSeconds } from './token-issuer.ts';

/** `POST /auth/token` and the public keys. */
export function authRoutes(parts: LogInParts & { issuer: TokenIssuer; keySet: JSONWebKeySet }): Route[] {
  const { issuer, keySet } = parts;
  return [
    defineRoute({
      method: 'post',
      path: '/auth/token',
      tag: 'auth',
      summary: 'Exchange a user name and password for an access token',
      roles: 'public',
      body: TokenRequest,
      response: TokenResponse,
      problems: {
        401: 'The pair is wrong.',
        429: 'Too many attempts, or the user is locked; see Retry-After.',
      },
      maxBodyBytes: 4096,
      handler: async ({ body, address }) => {
        const user = await logIn(parts, { ...body, address });
        return {
          access_token: await issuer.issue(user.username, user.roles),
          token_type: 'Bearer' as const,
          expires_in: tokenLifetimeSeconds,
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/.well-known/jwks.json',
      tag: 'auth',
      summary: 'Public keys that access tokens are signed with (RFC 7517)',
      roles: 'public',
      response: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
      handler: async ({ setHeader }) => {
        setHeader('Cache-Control', 'public, max-age=300');
        return { keys: keySet.keys.map((key) => ({ ...key })) };
      },
    }),
  ];
}
