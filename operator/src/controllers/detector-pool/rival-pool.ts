import { keyOf } from '../../kube/kube-object.ts';
import type { DetectorPoolObject } from '../../resources/custom-objects.ts';

/**
 * The pool that has the model, if that is another one: of all pools of a namespace that name it, the oldest; of those
 * made in the same second, the first by name. Pools that are being deleted have nothing.
 */
export function rivalPool(
  pool: DetectorPoolObject,
  sameModel: readonly DetectorPoolObject[],
): DetectorPoolObject | undefined {
  const own = keyOf(pool);
  const [first] = sameModel
    .filter(({ metadata }) => metadata.namespace === pool.metadata.namespace)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .sort((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
  return first === undefined || keyOf(first) === own ? undefined : first;
}

function ageOf({ metadata }: DetectorPoolObject): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}
