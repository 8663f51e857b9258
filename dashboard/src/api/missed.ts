import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { MissedAccepted, MissedReport, type MissedRequest } from '@verdict/contracts';
import { z } from 'zod';
import type { ApiClient } from './client.ts';
import { useServices } from './services.ts';

/** Reports travel through the feedback hub: after one was taken, the list is looked at again after each of these. */
const followMs = [700, 2_000, 5_000];
const refreshMs = 60_000;

const missedKeys = {
  all: ['missed'] as const,
  ofSeries: (series: string, bounds: { fromMs: number; toMs: number }) => ['missed', series, bounds] as const,
};

const Reports = z.object({ items: z.array(MissedReport) });

/** Reports of missed anomalies of a series that overlap a range. */
export function missedOptions(client: ApiClient, series: string, bounds: { fromMs: number; toMs: number }) {
  return queryOptions({
    queryKey: missedKeys.ofSeries(series, bounds),
    queryFn: async ({ signal }) => {
      const from = new Date(bounds.fromMs).toISOString();
      const to = new Date(bounds.toMs).toISOString();
      return (await client.get('/missed', { answer: Reports, query: { series, from, to }, signal })).items;
    },
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
}

/** What people reported as missed on a series. */
export function useMissed(series: string, bounds: { fromMs: number; toMs: number }) {
  const { client } = useServices();
  return useQuery(missedOptions(client, series, bounds));
}

/** Reports a stretch of a series that was an anomaly and that nothing alarmed on. */
export function useReportMissed() {
  const { client } = useServices();
  const follow = useFollow();
  return useMutation({
    mutationFn: (request: MissedRequest) => client.post('/missed', { answer: MissedAccepted, body: request }),
    onSuccess: follow,
  });
}

/** Takes one's own report back. */
export function useWithdrawMissed() {
  const { client } = useServices();
  const follow = useFollow();
  return useMutation({
    mutationFn: (id: string) => client.delete(`/missed/${id}`, { answer: MissedAccepted }),
    onSuccess: follow,
  });
}

function useFollow() {
  const queries = useQueryClient();
  return () => {
    const look = () => void queries.invalidateQueries({ queryKey: missedKeys.all });
    look();
    for (const afterMs of followMs) setTimeout(look, afterMs);
  };
}
