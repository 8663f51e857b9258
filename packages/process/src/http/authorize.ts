import { type Caller, KeysUnavailable, TokenRefused, type VerifyToken } from './caller.ts';
import { HttpProblem } from './http-problem.ts';
import type { Access } from './route.ts';

/** Checks the `Authorization` header for a route. Problems: 401 without a good token, 403 without the role. */
export async function authorize(
  header: string | undefined,
  access: Access,
  verifyToken: VerifyToken,
): Promise<Caller | null> {
  if (access === 'public') return null;
  const token = /^Bearer ([\w.~+/=-]+)$/i.exec(header ?? '')?.[1];
  if (token === undefined)
    throw new HttpProblem(401, {
      detail: 'A bearer token is needed (POST /auth/token).',
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  const caller = await verify(token, verifyToken);
  if (!caller.roles.includes('admin') && !caller.roles.some((role) => access.includes(role)))
    throw new HttpProblem(403, { detail: `This needs one of the roles ${access.join(', ')}.` });
  return caller;
}

async function verify(token: string, verifyToken: VerifyToken): Promise<Caller> {
  try {
    return await verifyToken(token);
  } catch (error) {
    if (error instanceof TokenRefused)
      throw new HttpProblem(401, {
        detail: `${error.message}.`,
        headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      });
    if (error instanceof KeysUnavailable)
      throw new HttpProblem(503, { detail: error.message, retryAfterSeconds: 2, cause: error });
    throw error;
  }
}
