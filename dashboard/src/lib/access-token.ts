import { mayTeach, Role } from '@verdict/contracts';

/** What an access token says of its bearer. */
export interface TokenBearer {
  readonly person: string;
  readonly roles: readonly Role[];
}

/**
 * Reads the bearer from a JWT without checking its signature: for showing names and greying out buttons only;
 * the gateway decides. Null when it is no such token.
 */
export function bearerOf(token: string): TokenBearer | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  let claims: unknown;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    claims = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
  if (typeof claims !== 'object' || claims === null) return null;
  const { sub, roles } = claims as { sub?: unknown; roles?: unknown };
  if (typeof sub !== 'string') return null;
  const known = Array.isArray(roles) ? roles.flatMap((role) => Role.safeParse(role).data ?? []) : [];
  return { person: sub, roles: known };
}

/** True if somebody with these roles may answer on anomalies. */
export function mayJudge(roles: readonly Role[]): boolean {
  return roles.includes('reporter') || mayTeach(roles);
}
