import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ModelView, PoolView, TrainingAccepted } from '@verdict/contracts';
import { z } from 'zod';
import type { ApiClient } from './client.ts';
import { useServices } from './services.ts';

/** Which model or pool is meant. */
export interface ResourceId {
  readonly namespace: string;
  readonly name: string;
}

const Models = z.object({ items: z.array(ModelView) });
const Pools = z.object({ items: z.array(PoolView) });

/** Keys of everything about models and pools in the query cache. */
export const modelKeys = {
  all: ['models'] as const,
  pools: ['pools'] as const,
  trust: ({ namespace, name }: ResourceId) => ['trust', namespace, name] as const,
  comparison: ({ namespace, name }: ResourceId, version: number) =>
    ['comparison', namespace, name, version] as const,
};

/** Every model with its versions and trainings. */
export function modelsOptions(client: ApiClient) {
  return queryOptions({
    queryKey: modelKeys.all,
    queryFn: async ({ signal }) => (await client.get('/models', { answer: Models, signal })).items,
    refetchInterval: 30_000,
  });
}

/** Every pool with its plan and what its partitions really serve. */
export function poolsOptions(client: ApiClient) {
  return queryOptions({
    queryKey: modelKeys.pools,
    queryFn: async ({ signal }) => (await client.get('/pools', { answer: Pools, signal })).items,
    refetchInterval: 15_000,
  });
}

/** The models. */
export function useModels() {
  const { client } = useServices();
  return useQuery(modelsOptions(client));
}

/** The pools. */
export function usePools() {
  const { client } = useServices();
  return useQuery(poolsOptions(client));
}

/** Asks for a training now (role admin). The model shows it as asked until a training of that id is recorded. */
export function useAskTraining(model: ResourceId) {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      client.post(`/models/${model.name}/trainings`, {
        answer: TrainingAccepted,
        query: { namespace: model.namespace },
        body: {},
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: modelKeys.all }),
  });
}
