import { builtInRoles } from '../identity/built-in-roles.ts';
import { ofType, type Policy, type Registered } from './policy.ts';

/** `gateway: AcrPull on id:registry`. */
export type RoleSentence = `${string}: ${string} on ${string}`;

/** Whom principals belong to. */
export type Principals = ReadonlyMap<string, string>;

/** All assignments in words; what is not known stays as it is. */
export function roleSentences(resources: readonly Registered[], principals: Principals): RoleSentence[] {
  const roles = new Map(Object.entries(builtInRoles).map(([role, id]) => [id as string, role]));
  return ofType(resources, 'authorization:RoleAssignment').map(({ inputs }): RoleSentence => {
    const id = String(inputs.roleDefinitionId).split('/').at(-1) ?? '';
    const who = principals.get(inputs.principalId) ?? inputs.principalId;
    return `${who}: ${roles.get(id) ?? id} on ${inputs.scope}`;
  });
}

/** Each assignment is wanted, each that is wanted is there, and none is there twice. */
export function wantedRoles(wanted: readonly RoleSentence[], principals: Principals): Policy {
  return (resources) => {
    const found = roleSentences(resources, principals);
    return [
      ...found.filter((sentence) => !wanted.includes(sentence)).map((sentence) => `not wanted: ${sentence}`),
      ...wanted.filter((sentence) => !found.includes(sentence)).map((sentence) => `missing: ${sentence}`),
      ...found
        .filter((sentence, index) => found.indexOf(sentence) < index)
        .map((sentence) => `twice: ${sentence}`),
    ];
  };
}
