import type { IncomingHttpHeaders } from 'node:http';
import { LoggedOut, LogInRequest, RefreshRequest, TokenResponse } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { type LogInParts, logIn } from './log-in.ts';
import { assertOwnPage, noSessionCookies, sessionCookieOf, sessionCookies } from './session-cookie.ts';
import { beginSession, endSession, renewSession, type SessionParts, sessionTerms } from './sessions.ts';
import { type TokenIssuer, tokenLifetimeSeconds } from './token-issuer.ts';

/** What log-ins, their renewal and the public keys need. */
export type AuthRouteParts = LogInParts &
  SessionParts & { readonly issuer: TokenIssuer; readonly keySet: () => JSONWebKeySet };

const maxBodyBytes = 4096;
/** Renewals and log-outs from one address, behind which a whole office may be. */
const ratePerMinute = 600;

/** `POST /auth/token`, `/auth/refresh`, `/auth/log-out`, and the public keys. */
export function authRoutes(parts: AuthRouteParts): Route[] {
  return [tokenRoute(parts), refreshRoute(parts), logOutRoute(parts), keysRoute(parts)];
}

function tokenRoute(parts: AuthRouteParts): Route {
  const { issuer } = parts;
  return defineRoute({
    method: 'post',
    path: '/auth/token',
    tag: 'auth',
    summary: 'Exchange a user name and password for an access token',
    description:
      'With `session` a refresh token comes along, in the answer or as a cookie for browsers (which only the ' +
      "dashboard's own pages may ask for). Processes leave it out and send the password again.",
    roles: 'public',
    body: LogInRequest,
    response: TokenResponse,
    problems: {
      401: 'The pair is wrong.',
      403: 'A cookie was asked for by a page that is not ours.',
      429: 'Too many attempts, or the user is locked; see Retry-After.',
    },
    maxBodyBytes,
    handler: async ({ body, address, headers, setHeader }) => {
      if (body.session === 'cookie') assertOwnPage(headers);
      const user = await logIn(parts, { ...body, address });
      if (body.session === undefined) return tokenAnswer(await issuer.issue(user.username, user.roles));
      const { username, roles } = user;
      const begun = await beginSession(parts, { username, roles: null });
      const isCookie = body.session === 'cookie';
      return sessionAnswer(issuer, { ...begun, username, roles }, { isCookie, headers, setHeader });
    },
  });
}

function refreshRoute(parts: AuthRouteParts): Route {
  return defineRoute({
    method: 'post',
    path: '/auth/refresh',
    tag: 'auth',
    summary: 'Exchange a refresh token for an access token and the next refresh token',
    description:
      'A refresh token is good once. When a used one comes back the whole log-in is ended, unless it was used ' +
      'within the last 10 s: then the answer repeats what was given.',
    roles: 'public',
    body: RefreshRequest,
    response: TokenResponse,
    problems: {
      401: 'The log-in is over.',
      403: 'The cookie was sent by a page that is not ours.',
    },
    maxBodyBytes,
    ratePerMinute,
    handler: async ({ body, headers, setHeader }) => {
      const given = givenToken(body.refresh_token, headers);
      try {
        const renewed = await renewSession(parts, given.text);
        const { isCookie } = given;
        return await sessionAnswer(parts.issuer, renewed, { isCookie, headers, setHeader });
      } catch (error) {
        if (given.isCookie && error instanceof HttpProblem && error.status === 401)
          setHeader('Set-Cookie', noSessionCookies(headers));
        throw error;
      }
    },
  });
}

function logOutRoute(parts: AuthRouteParts): Route {
  return defineRoute({
    method: 'post',
    path: '/auth/log-out',
    tag: 'auth',
    summary: 'End a log-in: its refresh and access tokens and its live connections, at once and everywhere',
    roles: 'public',
    query: z.object({ everywhere: z.enum(['true', 'false']).optional() }),
    body: RefreshRequest,
    response: LoggedOut,
    problems: { 403: 'The cookie was sent by a page that is not ours.' },
    maxBodyBytes,
    ratePerMinute,
    handler: async ({ body, query, headers, setHeader }) => {
      const given = givenToken(body.refresh_token, headers);
      if (given.isCookie) setHeader('Set-Cookie', noSessionCookies(headers));
      return { ended: await endSession(parts, given.text, query.everywhere === 'true') };
    },
  });
}

function keysRoute({ keySet }: AuthRouteParts): Route {
  return defineRoute({
    method: 'get',
    path: '/.well-known/jwks.json',
    tag: 'auth',
    summary: 'Public keys that access tokens are signed with (RFC 7517)',
    roles: 'public',
    response: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
    handler: async ({ setHeader }) => {
      setHeader('Cache-Control', 'public, max-age=300');
      return { keys: keySet().keys.map((key) => ({ ...key })) };
    },
  });
}

/** An access token of a log-in. Its refresh token comes along in the answer, or as a cookie. */
async function sessionAnswer(
  issuer: TokenIssuer,
  { id, username, roles, refreshToken }: Awaited<ReturnType<typeof renewSession>>,
  {
    isCookie,
    headers,
    setHeader,
  }: {
    isCookie: boolean;
    headers: IncomingHttpHeaders;
    setHeader: (name: string, value: string[]) => void;
  },
): Promise<TokenResponse> {
  const answer = tokenAnswer(await issuer.issue(username, roles, id));
  if (!isCookie) return { ...answer, refresh_token: refreshToken };
  const maxAgeMs = sessionTerms.idleMs;
  setHeader('Set-Cookie', sessionCookies(headers, { refreshToken, username, maxAgeMs }));
  return answer;
}

function tokenAnswer(token: string): TokenResponse {
  return { access_token: token, token_type: 'Bearer', expires_in: tokenLifetimeSeconds };
}

/** What was sent outright, or the cookie where our own page asks. An empty text when there is neither. */
function givenToken(
  sent: string | undefined,
  headers: IncomingHttpHeaders,
): { text: string; isCookie: boolean } {
  if (sent !== undefined) return { text: sent, isCookie: false };
  const cookie = sessionCookieOf(headers);
  if (cookie === null) return { text: '', isCookie: false };
  assertOwnPage(headers);
  return { text: cookie, isCookie: true };
}
