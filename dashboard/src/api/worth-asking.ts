import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { type Anomaly, WorthAsking } from '@verdict/contracts';
import { z } from 'zod';
import { anomalyOptions } from './anomalies.ts';
import type { ApiClient } from './client.ts';
import { useServices } from './services.ts';

/** Few enough to be worked off at one sitting. */
const most = 10;
const refreshMs = 60_000;

/** Key of the queue in the query cache. */
export const worthKey = ['worth-asking'] as const;

const Queue = z.object({ items: z.array(WorthAsking) });

/** An anomaly whose answer would tell much, and why. */
export interface WorthQuestion {
  readonly anomaly: Anomaly;
  /** 0 to 4. */
  readonly worth: number;
  readonly reasons: readonly string[];
}

/** The few anomalies whose answers by this person would tell most, best first. */
export function worthOptions(client: ApiClient) {
  return queryOptions({
    queryKey: worthKey,
    queryFn: async ({ signal }) =>
      (await client.get('/anomalies/worth-asking', { answer: Queue, query: { limit: most }, signal })).items,
    refetchInterval: refreshMs,
  });
}

/** The queue with its anomalies; one that cannot be read is left out. */
export function useWorthQueue() {
  const { client } = useServices();
  const queue = useQuery(worthOptions(client));
  const asked = queue.data ?? [];
  const anomalies = useQueries({
    queries: asked.map((item) => ({ ...anomalyOptions(client, item.anomalyId), staleTime: refreshMs })),
    combine: (results) => ({
      found: results.map((result) => result.data),
      pending: results.some((result) => result.isPending),
    }),
  });
  const questions: WorthQuestion[] = asked.flatMap((item, index) => {
    const anomaly = anomalies.found[index];
    return anomaly === undefined ? [] : [{ anomaly, worth: item.worth, reasons: item.reasons }];
  });
  return { queue, questions, isPending: queue.isPending || (anomalies.pending && questions.length === 0) };
}
