import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Flood, FloodList, type FloodReview } from '@verdict/contracts';
import type { ApiClient } from './client.ts';
import { useIsAdmin, useServices } from './services.ts';

const floodsKey = ['floods', 'open'] as const;

/** Answers that wait for a review, newest first. */
export function openFloodsOptions(client: ApiClient) {
  return queryOptions({
    queryKey: floodsKey,
    queryFn: async ({ signal }) =>
      (await client.get('/feedback/floods', { answer: FloodList, query: { state: 'open' }, signal })).items,
    refetchInterval: 15_000,
  });
}

/** What waits for a review by whoever is signed in; nothing for those who may not review. */
export function useOpenFloods(): readonly Flood[] {
  const { client } = useServices();
  return useQuery({ ...openFloodsOptions(client), enabled: useIsAdmin() }).data ?? [];
}

/** Accepts or discards the answers of a flood. */
export function useReviewFlood() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, decision }: { id: string } & Pick<FloodReview, 'decision'>) =>
      client.post(`/feedback/floods/${id}/review`, {
        answer: Flood,
        body: { decision } satisfies FloodReview,
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: floodsKey }),
  });
}
