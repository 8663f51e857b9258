import type { Input } from '@pulumi/pulumi';
import type { Site } from '../site.ts';
import { assignRole } from './assign-role.ts';
import type { BuiltInRole } from './built-in-roles.ts';
import type { Identity } from './create-identity.ts';

/** What roles can be for: its name, and its id. */
export interface Scope {
  readonly what: string;
  readonly id: Input<string>;
}

/** Says what an identity may: `grant(site, gateway, { … })`. */
export function grant(site: Site, identity: Identity, roles: readonly (readonly [BuiltInRole, Scope])[]) {
  return roles.map(([role, { what, id }]) =>
    assignRole(site, { who: identity.of, what, principalId: identity.principalId, role, scope: id }),
  );
}

/** The same for the group of administrators. */
export function grantAdministrators(site: Site, roles: readonly (readonly [BuiltInRole, Scope])[]): void {
  const principalId = site.config.administrators.objectId;
  for (const [role, { what, id }] of roles)
    assignRole(site, { who: 'administrators', what, principalId, principalType: 'Group', role, scope: id });
}
