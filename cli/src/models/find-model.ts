import type { ModelView } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import { CommandFailure } from '../failure.ts';

/** A model by its name. Throws `CommandFailure` naming those that there are. */
export async function findModel(
  client: Pick<PlatformClient, 'models'>,
  namespace: string,
  name: string,
): Promise<ModelView> {
  const models = await client.models();
  const found = models.find((model) => model.namespace === namespace && model.name === name);
  if (found !== undefined) return found;
  const names = models.filter((model) => model.namespace === namespace).map((model) => model.name);
  throw new CommandFailure(
    `There is no model ${name} in the namespace ${namespace}; there ${names.length === 0 ? 'is none' : `are ${names.join(', ')}`}.`,
  );
}
