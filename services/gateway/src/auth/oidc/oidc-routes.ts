import type { IncomingHttpHeaders } from 'node:http';
import { LogInWays } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Logger, type Route } from '@verdict/process';
import { AuthorizationResponseError } from 'openid-client';
import { z } from 'zod';
import { cookieOf, sessionCookies } from '../session-cookie.ts';
import { beginSession, type SessionParts } from '../sessions.ts';
import type { OidcClient, PendingLogIn } from './oidc-client.ts';
import { type ClaimMapping, callerOfClaims } from './role-mapping.ts';

/** A way in through an identity provider. */
export interface OidcWay {
  readonly client: OidcClient;
  readonly mapping: ClaimMapping;
  /** What the button says: `Microsoft`. */
  readonly label: string;
}

/** Roles are as the provider said at the log-in, so it ends the same day: then it says so again. */
const sessionLifeMs = 12 * 3_600_000;
const pendingCookie = 'verdict_oidc';
const pendingSeconds = 600;

const Pending = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  next: z.string(),
});
/** Whatever the provider adds: the client checks all of it. */
const CallbackQuery = z
  .object({ code: z.string().max(4000).optional(), state: z.string().max(500).optional() })
  .catchall(z.string().max(4000));
const Redirect = z.object({});
const redirect = { status: 302, response: Redirect } as const;

/** Ways to the provider and back, from one address. */
const ratePerMinute = 300;

/** `GET /auth/ways`, and where there is an identity provider the way to it and back. */
export function oidcRoutes(parts: SessionParts, way: OidcWay | null): Route[] {
  const ways = defineRoute({
    method: 'get',
    path: '/auth/ways',
    tag: 'auth',
    summary: 'How people can log in here',
    roles: 'public',
    response: LogInWays,
    handler: async () => ({ password: true, provider: way === null ? null : { label: way.label } }),
  });
  return way === null ? [ways] : [ways, leaveRoute(way), returnRoute(parts, way)];
}

function leaveRoute({ client }: OidcWay): Route {
  return defineRoute({
    ...redirect,
    method: 'get',
    path: '/auth/oidc/log-in',
    tag: 'auth',
    summary: 'Go to the identity provider (browsers)',
    roles: 'public',
    ratePerMinute,
    query: z.object({ next: z.string().max(2000).optional() }),
    handler: async ({ query, setHeader, headers }) => {
      const next = safePath(query.next);
      const begun = await client.begin().catch(unlessUnreachable);
      if (begun === null) {
        setHeader('Location', signInPage('unreachable', next));
        return {};
      }
      const { url, pending } = begun;
      const kept = { ...pending, next } satisfies z.input<typeof Pending>;
      setHeader(
        'Set-Cookie',
        pendingCookieLine(Buffer.from(JSON.stringify(kept)).toString('base64url'), headers),
      );
      setHeader('Location', url);
      return {};
    },
  });
}

function returnRoute(parts: SessionParts, { client, mapping }: OidcWay): Route {
  return defineRoute({
    ...redirect,
    method: 'get',
    path: '/auth/oidc/callback',
    tag: 'auth',
    summary: 'Come back from the identity provider (browsers)',
    roles: 'public',
    ratePerMinute,
    query: CallbackQuery,
    handler: async ({ query, headers, setHeader }) => {
      const gone = pendingCookieLine('', headers);
      const pending = readPending(cookieOf(headers, pendingCookie));
      if (pending === null) {
        setHeader('Location', signInPage('expired'));
        return {};
      }
      const outcome = await finish({ client, mapping, logger: parts.logger }, query, pending);
      if ('problem' in outcome) {
        setHeader('Set-Cookie', gone);
        setHeader('Location', signInPage(outcome.problem, pending.next));
        return {};
      }
      const { name: username, roles } = outcome;
      const { refreshToken } = await beginSession(parts, { username, roles, lifeMs: sessionLifeMs });
      const session = { refreshToken, username, maxAgeMs: sessionLifeMs };
      setHeader('Set-Cookie', [gone, ...sessionCookies(headers, session)]);
      setHeader('Location', pending.next);
      return {};
    },
  });
}

/** Why somebody came back without a log-in; the page says each in words. */
type Problem = 'expired' | 'cancelled' | 'refused' | 'no-role' | 'unreachable';
type Outcome = ReturnType<typeof callerOfClaims> | { problem: Problem };

async function finish(
  { client, mapping, logger }: { client: OidcClient; mapping: ClaimMapping; logger: Logger },
  query: z.output<typeof CallbackQuery>,
  pending: PendingLogIn,
): Promise<Outcome> {
  let claims: Record<string, unknown>;
  try {
    claims = await client.finish(query, pending);
  } catch (error) {
    if (isUnreachable(error)) return { problem: 'unreachable' };
    // Said by the provider itself, in an answer with the state that we gave: whoever was there turned back.
    if (error instanceof AuthorizationResponseError && error.error === 'access_denied')
      return { problem: 'cancelled' };
    // The cause may hold what the provider sent: its name and text are enough to find out.
    const why = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    logger.warn({ why }, 'a log-in at the identity provider was not completed');
    return { problem: 'refused' };
  }
  try {
    return callerOfClaims(claims, mapping);
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    logger.info({ why: error.message }, 'somebody of the identity provider has no role here');
    return { problem: 'no-role' };
  }
}

function pendingCookieLine(value: string, headers: IncomingHttpHeaders): string {
  const secure = headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  const age = value === '' ? 0 : pendingSeconds;
  // Lax: the way back is a link of another site.
  return `${pendingCookie}=${value}; Path=/auth/oidc; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`;
}

function readPending(cookie: string | null): z.output<typeof Pending> | null {
  if (cookie === null) return null;
  try {
    const read = Pending.parse(JSON.parse(Buffer.from(cookie, 'base64url').toString()));
    return { ...read, next: safePath(read.next) };
  } catch {
    // Whoever wrote it, it was not us.
    return null;
  }
}

/** 503 of the client: it is a person in a browser who waits, and a page of words is better than an answer in JSON. */
const isUnreachable = (error: unknown) => error instanceof HttpProblem && error.status === 503;

function unlessUnreachable(error: unknown): null {
  if (isUnreachable(error)) return null;
  throw error;
}

const firstPage = '/ui/inbox';

/** Where people read why, and can try again to come to where they wanted to go. */
function signInPage(problem: Problem, next = firstPage): string {
  const wanted: Record<string, string> = next === firstPage ? {} : { next };
  return `/ui/sign-in?${new URLSearchParams({ problem, ...wanted })}`;
}

/** A page of the dashboard; anything else would send people away from here. */
function safePath(path: string | undefined): string {
  return path !== undefined && /^\/ui\/[\w\-./~%?&=:,+@]*$/.test(path) ? path : firstPage;
}
