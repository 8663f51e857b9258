import { queryOptions, useQuery } from '@tanstack/react-query';
import { Receipt } from '@verdict/contracts';
import { type Answers, mayStillChange } from '../lib/receipt-text.ts';
import type { ApiClient } from './client.ts';
import { useServices } from './services.ts';

/** What follows from a verdict comes within seconds: asked this often while it is to be expected. */
const soonMs = 1_500;
/** Later only a training adds to it. */
const laterMs = 30_000;

/** Keys of receipts in the query cache. */
export const receiptKeys = {
  all: ['receipt'] as const,
  one: (anomalyId: string) => ['receipt', anomalyId] as const,
};

/** What the verdicts on an anomaly did. */
export function receiptOptions(client: ApiClient, anomalyId: string) {
  return queryOptions({
    queryKey: receiptKeys.one(anomalyId),
    queryFn: ({ signal }) => client.get(`/anomalies/${anomalyId}/receipt`, { answer: Receipt, signal }),
  });
}

/**
 * What the verdicts on an anomaly did, kept current. `answers` are those that the page knows of: a receipt that
 * counts others is about to change.
 */
export function useReceipt(anomalyId: string, answers: Answers) {
  const { client } = useServices();
  return useQuery({
    ...receiptOptions(client, anomalyId),
    refetchInterval: (query) => {
      const soon = mayStillChange(query.state.data, answers) && query.state.dataUpdateCount < 20;
      return soon ? soonMs : laterMs;
    },
  });
}
