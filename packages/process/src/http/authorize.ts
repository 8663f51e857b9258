import type { Role } from '@verdict/contracts';
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
  if (!mayUse(caller, access))
    throw new HttpProblem(403, { detail: `This needs one of the roles ${access.join(', ')}.` });
  return caller;
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
