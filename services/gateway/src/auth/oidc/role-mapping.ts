import { Role } from '@verdict/contracts';
import { HttpProblem } from '@verdict/process';
import { z } from 'zod';

/** Whoever has this value in this claim has these roles here. */
const RoleRule = z.strictObject({
  /** Name of the claim: `roles` (app roles of Entra), `groups` (object ids), or any other. */
  claim: z.string().min(1).max(100),
  value: z.string().min(1).max(200),
  roles: z.array(Role).min(1),
});

/** Which claims give which roles; whoever meets no rule has no role. */
export type RoleRules = readonly z.output<typeof RoleRule>[];

/** JSON text of a list of rules. */
export const RoleRules = z.string().transform((text, context): RoleRules => {
  const list = z.array(RoleRule).min(1).max(1000).safeParse(parsed(text));
  if (list.success) return list.data;
  const issue = list.error.issues[0];
  const where = issue?.path.join('.') || 'text';
  context.addIssue(
    `must be a JSON list of {claim, value, roles} (${where}: ${issue?.message ?? 'not valid'})`,
  );
  return z.NEVER;
});

/** How claims of an identity provider become a caller here. */
export interface ClaimMapping {
  readonly rules: RoleRules;
  /** Claim that names people. */
  readonly nameClaim: string;
  /** Put before every name, so that nobody there can be taken for a local user. */
  readonly namePrefix: string;
}

const maxNameChars = 100;

/** Name and roles of a token's owner. Throws 403 when no rule gives a role, or the token names nobody. */
export function callerOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { rules, nameClaim, namePrefix }: ClaimMapping,
): { name: string; roles: Role[] } {
  const named = [claims[nameClaim], claims.sub].find((value) => typeof value === 'string' && value !== '');
  const name = `${namePrefix}${String(named)}`;
  if (named === undefined || name.length > maxNameChars || /\p{Cc}/u.test(name))
    throw new HttpProblem(403, { detail: `The claim ${nameClaim} of the token names nobody.` });
  const roles = new Set<Role>();
  for (const rule of rules)
    if (valuesOf(claims[rule.claim]).includes(rule.value)) for (const role of rule.roles) roles.add(role);
  if (roles.size === 0)
    throw new HttpProblem(403, { detail: `${name} has no role here (VERDICT_OIDC_ROLES).` });
  return { name, roles: [...roles] };
}

function valuesOf(claim: unknown): unknown[] {
  return Array.isArray(claim) ? claim : [claim];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema says what is wanted instead.
    return text;
  }
}
