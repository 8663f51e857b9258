import type { IncomingHttpHeaders } from 'node:http';
import type { Role } from '@verdict/contracts';
import { apiKeyPrefix, type Caller, KeysUnavailable, TokenRefused, type VerifyToken } from './caller.ts';
import { HttpProblem } from './http-problem.ts';
import type { Route } from './route.ts';

/** The checks of what a request brings along. */
export interface Verifiers {
  readonly verifyToken: VerifyToken;
  /** Of keys of producers; without it none are taken. */
  readonly verifyApiKey?: VerifyToken | undefined;
}

/**
 * Checks who sends a request: `Authorization: Bearer …`, or `X-API-Key` with the key of a producer. Problems: 401
 * without a good token or key, 403 without the role, or for a key where keys are not taken.
 */
export async function authorize(
  headers: IncomingHttpHeaders,
  route: Pick<Route, 'roles' | 'apiKeys'>,
  verifiers: Verifiers,
): Promise<Caller | null> {
  if (route.roles === 'public') return null;
  const token = credentialOf(headers);
  if (token === null)
    throw new HttpProblem(401, {
      detail: 'A bearer token is needed (POST /auth/token).',
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  const isKey = token.startsWith(apiKeyPrefix);
  const caller = await verify(token, isKey ? (verifiers.verifyApiKey ?? noKeys) : verifiers.verifyToken);
  if (isKey && route.apiKeys !== true)
    throw new HttpProblem(403, { detail: 'An API key sends readings, and may do nothing else.' });
  if (!mayUse(caller, route.roles))
    throw new HttpProblem(403, { detail: `This needs one of the roles ${route.roles.join(', ')}.` });
  return caller;
}

function credentialOf(headers: IncomingHttpHeaders): string | null {
  const key = headers['x-api-key'];
  if (key === undefined) return /^Bearer ([\w.~+/=-]+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
  if (headers.authorization !== undefined) throw refused('a token and a key at once');
  if (typeof key !== 'string' || !key.startsWith(apiKeyPrefix)) throw refused('the API key is not valid');
  return key;
}

async function noKeys(): Promise<never> {
  throw new TokenRefused('API keys are not taken here');
}

/** What our processes alone say of themselves and of each other must not be said by a person, whoever it is. */
function mayUse({ roles }: Caller, access: readonly Role[]): boolean {
  if (roles.some((role) => access.includes(role))) return true;
  return roles.includes('admin') && access.some((role) => role !== 'service');
}

async function verify(token: string, verifyToken: VerifyToken): Promise<Caller> {
  try {
    return await verifyToken(token);
  } catch (error) {
    if (error instanceof TokenRefused) throw refused(error.message);
    if (error instanceof KeysUnavailable)
      throw new HttpProblem(503, { detail: error.message, retryAfterSeconds: 2, cause: error });
    throw error;
  }
}

function refused(why: string): HttpProblem {
  return new HttpProblem(401, {
    detail: `${why}.`,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
}
