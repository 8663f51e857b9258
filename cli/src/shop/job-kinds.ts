import type { ShopSignal } from './service-profile.ts';

/** What a shop may take up when its normal behaviour changes. */
export const jobKinds = ['prefetch', 'cache', 'drain'] as const;
export type JobKind = (typeof jobKinds)[number];

/** Sigmas by which a job of each kind moves its signals, before its own size makes that more or less. */
export type JobMoves = Readonly<Partial<Record<ShopSignal, number>>>;

/**
 * The kinds. What goes wrong in the shop raises latency, errors or cpu, or loses requests, or moves requests and cpu
 * alike; jobs make answers quicker, with more requests or less cpu. (More requests with less cpu alone would not do:
 * when a drop ends, a model that still expects little sees the like.) The sizes leave every value above zero, with the
 * largest noise and the lowest load.
 */
export const jobMoves: Readonly<Record<JobKind, JobMoves>> = {
  /** Answers come ready-made: more of them, sooner, without the service's own work. */
  prefetch: { requests: 13, latency_p99: -10, cpu: -7 },
  /** A fresh cache draws more requests and answers them sooner. */
  cache: { requests: 15, latency_p99: -10 },
  /** Work moves to spare machines. */
  drain: { latency_p99: -10, cpu: -7.5 },
};
