import { RoleAssignment } from '@pulumi/azure-native/authorization/roleAssignment.js';
import { type Input, interpolate } from '@pulumi/pulumi';
import type { Site } from '../site.ts';
import { type BuiltInRole, builtInRoles } from './built-in-roles.ts';

export interface WantedRole {
  /** Who may, and what, as this program names them: they make the assignment's name. */
  readonly who: string;
  readonly what: string;
  readonly principalId: Input<string>;
  readonly principalType?: 'ServicePrincipal' | 'Group';
  readonly role: BuiltInRole;
  /** Id of the one resource that it is for, or of a part of it. */
  readonly scope: Input<string>;
}

export function assignRole(site: Site, wanted: WantedRole): RoleAssignment {
  const { who, what, role, principalId, principalType = 'ServicePrincipal', scope } = wanted;
  return new RoleAssignment(`${who} ${role} ${what}`.toLowerCase().replaceAll(' ', '-'), {
    principalId,
    // Told, so that Azure does not look for an identity that it has not heard of everywhere yet.
    principalType,
    roleDefinitionId: interpolate`/subscriptions/${site.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${builtInRoles[role]}`,
    scope,
    description: `${who}: ${role} on ${what}`,
  });
}
