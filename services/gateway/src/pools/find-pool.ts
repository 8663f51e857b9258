import { HttpProblem } from '@verdict/process';
import type { PlanStore, PoolRow } from '@verdict/storage';

/** The pool of a name. @throws HttpProblem 404 when there is none. */
export async function findPool(plans: PlanStore, namespace: string, name: string): Promise<PoolRow> {
  const pool = (await plans.pools()).find((row) => row.name === name && row.namespace === namespace);
  if (pool === undefined)
    throw new HttpProblem(404, { detail: `There is no pool ${name} in namespace ${namespace}.` });
  return pool;
}
