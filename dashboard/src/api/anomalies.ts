import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { AnomaliesPage, Anomaly } from '@verdict/contracts';
import type { ListFilters } from '../lib/inbox-filters.ts';
import type { ApiClient } from './client.ts';
import { useServices } from './services.ts';

const pageSize = 100;

/** Keys of everything about anomalies in the query cache. */
export const anomalyKeys = {
  lists: ['anomalies', 'list'] as const,
  list: (filters: ListFilters) => ['anomalies', 'list', filters] as const,
  one: (id: string) => ['anomalies', 'one', id] as const,
  inRange: (series: string, bounds: { fromMs: number; toMs: number }) =>
    ['anomalies', 'range', series, bounds] as const,
};

/** One page of changes since a cursor, oldest first. */
export function fetchChanges(
  client: ApiClient,
  from: { since: string; next: string | null },
): Promise<AnomaliesPage> {
  return client.get('/anomalies', {
    answer: AnomaliesPage,
    query: { since: from.since, next: from.next ?? undefined, limit: 500 },
  });
}

/** One anomaly as it is now. */
export function fetchAnomaly(client: ApiClient, id: string, signal?: AbortSignal): Promise<Anomaly> {
  return client.get(`/anomalies/${id}`, { answer: Anomaly, signal });
}

/** Anomalies newest first, page by page. */
export function anomaliesOptions(client: ApiClient, filters: ListFilters) {
  return infiniteQueryOptions({
    queryKey: anomalyKeys.list(filters),
    queryFn: ({ pageParam, signal }) =>
      client.get('/anomalies', {
        answer: AnomaliesPage,
        query: { ...filters, next: pageParam ?? undefined, limit: pageSize },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // Live messages keep a listing current; it is read anew only when it was given up.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** One anomaly, for a link to one that no listing holds. */
export function anomalyOptions(client: ApiClient, id: string) {
  return queryOptions({
    queryKey: anomalyKeys.one(id),
    queryFn: ({ signal }) => fetchAnomaly(client, id, signal),
  });
}

/** Lists anomalies, live. */
export function useAnomalies(filters: ListFilters) {
  const { client } = useServices();
  return useInfiniteQuery(anomaliesOptions(client, filters));
}

/** One anomaly by its id. */
export function useAnomaly(id: string, enabled: boolean) {
  const { client } = useServices();
  return useQuery({ ...anomalyOptions(client, id), enabled });
}

/** Anomalies of one series that overlap a range, newest first, at most 200. */
export function useAnomaliesInRange(series: string, bounds: { fromMs: number; toMs: number }) {
  const { client } = useServices();
  return useQuery({
    queryKey: anomalyKeys.inRange(series, bounds),
    queryFn: ({ signal }) =>
      client.get('/anomalies', {
        answer: AnomaliesPage,
        query: {
          series,
          from: new Date(bounds.fromMs).toISOString(),
          to: new Date(bounds.toMs).toISOString(),
          limit: 200,
        },
        signal,
      }),
    placeholderData: (earlier) => (earlier?.items[0]?.series === series ? earlier : undefined),
  });
}
