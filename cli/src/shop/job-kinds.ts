import type { ShopSignal } from './service-profile.ts';

/** What a shop may take up when its normal behaviour changes. */
export const jobKinds = ['prefetch', 'cache', 'drain'] as const;
export type JobKind = (typeof jobKinds)[number];

/** Sigmas by which a job of each kind moves its signals, before its own size makes that more or less. */
export type JobMoves = Readonly<Partial<Record<ShopSignal, number>>>;

/**
 * The kinds. What goes wrong in the shop raises latency, errors or cpu, or loses requests, or moves requests and cpu
 * alike; a job only does what no injection does: more requests with less cpu, quicker answers to more requests,
 * quicker answers with less cpu. The sizes leave every value above zero, with the largest noise and the lowest load.
 */
export const jobMoves: Readonly<Record<JobKind, JobMoves>> = {
  /** Requests that are answered without the service's own work. */
  prefetch: { requests: 16, cpu: -7 },
  /** A fresh cache draws more requests and answers them sooner. */
  cache: { requests: 15, latency_p99: -10 },
  /** Work moves to spare machines. */
  drain: { latency_p99: -10, cpu: -7.5 },
};
