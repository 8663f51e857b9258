import { queryOptions, useQuery } from '@tanstack/react-query';
import { ModelManifest, ModelVersionView, ModelView, PoolView } from '@verdict/contracts';
import { z } from 'zod';
import type { ApiClient } from './client.ts';
import { useServices } from './services.ts';

/** A manifest as far as it is shown: the engine's numbers are not, so a version of another shape does not hide the rest. */
const ManifestShown = ModelManifest.omit({ calibration: true });
export type ManifestShown = z.output<typeof ManifestShown>;

const VersionShown = ModelVersionView.extend({ manifest: ManifestShown.nullable() });
export type VersionShown = z.output<typeof VersionShown>;

const ModelShown = ModelView.extend({ versions: z.array(VersionShown) });
export type ModelShown = z.output<typeof ModelShown>;

const Models = z.object({ items: z.array(ModelShown) });
const Pools = z.object({ items: z.array(PoolView) });

/** Every model with its versions and trainings. */
export function modelsOptions(client: ApiClient) {
  return queryOptions({
    queryKey: ['models'] as const,
    queryFn: async ({ signal }) => (await client.get('/models', { answer: Models, signal })).items,
    refetchInterval: 30_000,
  });
}

/** Every pool with its plan and what its partitions really serve. */
export function poolsOptions(client: ApiClient) {
  return queryOptions({
    queryKey: ['pools'] as const,
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
