/** A resource that the program asked for. */
export interface Registered {
  /** `azure-native:eventhub:Namespace`. */
  readonly type: string;
  /** In the program. */
  readonly name: string;
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs of every type of Azure's resources
  readonly inputs: Record<string, any>;
}

/** What a policy finds wrong, one sentence each; nothing when all is well. */
export type Policy = (resources: readonly Registered[]) => string[];

/** All resources of a type, without the provider's name: `eventhub:Namespace`. */
export function ofType(resources: readonly Registered[], type: string): Registered[] {
  return resources.filter((resource) => resource.type === `azure-native:${type}`);
}

/** A sentence for each resource of a type that is not as it must be. */
export function each(
  resources: readonly Registered[],
  type: string,
  rule: { readonly must: string; readonly holds: (inputs: Registered['inputs']) => boolean },
): string[] {
  return ofType(resources, type)
    .filter(({ inputs }) => !rule.holds(inputs))
    .map(({ name }) => `${type} ${name} must ${rule.must}`);
}
