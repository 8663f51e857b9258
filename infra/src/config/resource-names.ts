/** Names of everything that has one, as Azure's rules want them. */
export interface ResourceNames {
  /** Of resources that are unique within the resource group: `verdict-dev`. */
  readonly plain: string;
  /** Of those that are unique in the world, with at most 24 characters: `verdict-dev-k7q2`. */
  readonly unique: string;
  /** The same without dashes, for storage accounts and registries. */
  readonly letters: string;
}

/** `stack` has 2 to 8 lower-case letters and digits, `suffix` 3 to 6: with more the names were too long. */
export function resourceNames(stack: string, suffix: string): ResourceNames {
  if (!/^[a-z][a-z0-9]{1,7}$/.test(stack))
    throw new Error(`the stack's name, ${stack}, must have 2 to 8 lower-case letters and digits`);
  return {
    plain: `verdict-${stack}`,
    unique: `verdict-${stack}-${suffix}`,
    letters: `verdict${stack}${suffix}`,
  };
}
