import type { ModelView } from '@verdict/contracts';
import { usePools } from '../../api/models.ts';

/** The pools that serve a model, and how reading them went. */
export function usePoolsOf(model: Pick<ModelView, 'name' | 'namespace'>) {
  const query = usePools();
  const pools = (query.data ?? []).filter(
    (pool) => pool.spec.model === model.name && pool.namespace === model.namespace,
  );
  return { pools, query };
}
