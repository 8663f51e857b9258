import { queryOptions, useQuery } from '@tanstack/react-query';
import { Comparison, TrustHistory } from '@verdict/contracts';
import { type ApiClient, ApiError } from './client.ts';
import { modelKeys, type ResourceId } from './models.ts';
import { useServices } from './services.ts';

/** A model's trust over time, of the last `spanMs` (null: as the gateway chooses), oldest point first. */
export function trustOptions(client: ApiClient, model: ResourceId, spanMs: number | null = null) {
  return queryOptions({
    queryKey: [...modelKeys.trust(model), spanMs] as const,
    queryFn: async ({ signal }) => {
      const from = spanMs === null ? undefined : new Date(Date.now() - spanMs).toISOString();
      const query = { namespace: model.namespace, from };
      return (await client.get(`/models/${model.name}/trust`, { answer: TrustHistory, query, signal }))
        .points;
    },
    refetchInterval: 60_000,
  });
}

/** How far a model could be trusted over time; read again when the model's trust changes. */
export function useTrustHistory(model: ResourceId, spanMs: number | null = null) {
  const { client } = useServices();
  return useQuery(trustOptions(client, model, spanMs));
}

/**
 * What a version and the champion of its time said of the same series; null where none was made (version 0, older
 * versions). It never changes once made.
 */
export function comparisonOptions(client: ApiClient, model: ResourceId, version: number) {
  return queryOptions({
    queryKey: modelKeys.comparison(model, version),
    queryFn: async ({ signal }): Promise<Comparison | null> => {
      const path = `/models/${model.name}/versions/${version}/comparison`;
      try {
        return await client.get(path, { answer: Comparison, query: { namespace: model.namespace }, signal });
      } catch (error) {
        if (error instanceof ApiError && error.problem.status === 404) return null;
        throw error;
      }
    },
    staleTime: (query) => (query.state.data == null ? 15_000 : Number.POSITIVE_INFINITY),
  });
}

/** Candidate against champion on the same series. */
export function useComparison(model: ResourceId, version: number, enabled = true) {
  const { client } = useServices();
  return useQuery({ ...comparisonOptions(client, model, version), enabled });
}
