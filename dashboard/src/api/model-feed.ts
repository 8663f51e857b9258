import type { QueryClient } from '@tanstack/react-query';
import type { ModelView, TrustMessage } from '@verdict/contracts';
import type { LiveConnection } from '../lib/live-connection.ts';
import { withTrust } from '../lib/model-trust.ts';
import { modelKeys } from './models.ts';
import { receiptKeys } from './receipt.ts';

/**
 * Keeps models and pools in the query cache current: trust is put in as it is told, the rest is read again. Returns
 * the way out.
 */
export function followModels(parts: { queries: QueryClient; live: LiveConnection }): () => void {
  const { queries, live } = parts;
  const readAgain = (queryKey: readonly unknown[]) => void queries.invalidateQueries({ queryKey });
  const take = (message: TrustMessage) => {
    const known = queries.getQueryData<ModelView[]>(modelKeys.all);
    if (known === undefined) return;
    const { models, notable } = withTrust(known, message);
    if (models !== known) queries.setQueryData<ModelView[]>(modelKeys.all, models);
    if (notable) readAgain(modelKeys.trust(message));
  };
  const leave = [
    live.on('trust', take),
    live.on('model', () => {
      readAgain(modelKeys.all);
      // A version that learnt from a verdict shows on its receipt.
      readAgain(receiptKeys.all);
    }),
    live.on('pool', () => readAgain(modelKeys.pools)),
    live.onConnected(() => {
      readAgain(modelKeys.all);
      readAgain(modelKeys.pools);
      readAgain(['trust']);
    }),
  ];
  return () => {
    for (const one of leave) one();
  };
}
