import type { PoolView } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import { CommandFailure } from '../failure.ts';

/** A pool by its name. Throws `CommandFailure` naming those that there are. */
export async function findPool(
  client: Pick<PlatformClient, 'pools'>,
  namespace: string,
  name: string,
): Promise<PoolView> {
  const found = (await client.pools({ namespace, name })).find(
    (pool) => pool.namespace === namespace && pool.name === name,
  );
  if (found !== undefined) return found;
  const names = (await client.pools({ namespace })).map((pool) => pool.name);
  throw new CommandFailure(
    `There is no pool ${name} in the namespace ${namespace}; there ${names.length === 0 ? 'is none' : `are ${names.join(', ')}`}.`,
  );
}
