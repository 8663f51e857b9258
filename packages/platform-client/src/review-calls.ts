import {
  AuditPage,
  type AuditQuery,
  Flood,
  FloodList,
  type FloodReview,
  type FloodsQuery,
} from '@verdict/contracts';
import type { z } from 'zod';
import type { Call } from './platform-call.ts';
import { queryString } from './query-string.ts';

/** What people answered, and what of it waits for a review (role admin). */
export interface ReviewCalls {
  /** Answers that came much faster than usual, newest first. */
  floods(query?: Partial<FloodsQuery>): Promise<Flood[]>;
  /** Lets the answers of a flood count, or discards them for good. */
  reviewFlood(id: string, review: FloodReview): Promise<Flood>;
  /** Who answered what, when, and what it was before; newest first. */
  audit(query?: Partial<AuditQuery>): Promise<AuditPage>;
}

/** The calls, by whatever sends and understands them. */
export function reviewCalls(ask: <T>(schema: z.ZodType<T>, call: Call) => Promise<T>): ReviewCalls {
  return {
    floods: async (query = {}) =>
      (await ask(FloodList, { method: 'GET', path: `/feedback/floods${queryString(query)}` })).items,
    reviewFlood: (id, review) =>
      ask(Flood, {
        method: 'POST',
        path: `/feedback/floods/${encodeURIComponent(id)}/review`,
        body: JSON.stringify(review),
      }),
    audit: (query = {}) => ask(AuditPage, { method: 'GET', path: `/feedback/audit${queryString(query)}` }),
  };
}
