import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ApiKeyCreated,
  ApiKeyList,
  type ApiKeyRequest,
  ApiKeyRevoked,
  type ApiKeyRotation,
} from '@verdict/contracts';
import type { ApiClient } from './client.ts';
import { useIsAdmin, useServices } from './services.ts';

const keysKey = ['api-keys'] as const;

/** All keys of producers, without their secrets. */
export function apiKeysOptions(client: ApiClient) {
  return queryOptions({
    queryKey: keysKey,
    queryFn: async ({ signal }) => (await client.get('/keys', { answer: ApiKeyList, signal })).items,
    refetchInterval: 30_000,
  });
}

/** The keys, for admins. */
export function useApiKeys() {
  const { client } = useServices();
  return useQuery({ ...apiKeysOptions(client), enabled: useIsAdmin() });
}

/** Makes a key; its secret is in the answer and nowhere else. */
export function useMakeApiKey() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ApiKeyRequest) => client.post('/keys', { answer: ApiKeyCreated, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: keysKey }),
  });
}

/** Makes a key in the place of another; both are good for the overlap. */
export function useRotateApiKey() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string } & ApiKeyRotation) =>
      client.post(`/keys/${id}/rotations`, { answer: ApiKeyCreated, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: keysKey }),
  });
}

/** Ends a key at once. */
export function useRevokeApiKey() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.delete(`/keys/${id}`, { answer: ApiKeyRevoked }),
    onSettled: () => queries.invalidateQueries({ queryKey: keysKey }),
  });
}
