import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { CoveragePage, type CoverageState } from '@verdict/contracts';
import type { ApiClient } from './client.ts';
import { useServices } from './services.ts';

/** Scores and ages on these screens are read again this often. */
const refreshMs = 15_000;

interface CoverageFilters {
  readonly state?: CoverageState;
  readonly search?: string;
}

function options(client: ApiClient, path: '/coverage' | '/series', filters: CoverageFilters) {
  return infiniteQueryOptions({
    queryKey: [path, filters] as const,
    queryFn: ({ pageParam, signal }) =>
      client.get(path, {
        answer: CoveragePage,
        query: { ...filters, next: pageParam ?? undefined, limit: 200 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
}

/** What is done with every series, and what could not be used. */
export function useCoverage(filters: CoverageFilters) {
  const { client } = useServices();
  return useInfiniteQuery(options(client, '/coverage', filters));
}

/** The series known, by key. */
export function useSeriesList(filters: CoverageFilters) {
  const { client } = useServices();
  return useInfiniteQuery(options(client, '/series', filters));
}
